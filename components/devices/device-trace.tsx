"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Check, CheckCheck, CircleDashed, CircleSlash, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { RemedyText } from "@/components/kit/remedy-text.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Device } from "@/lib/contracts/devices.ts";
import type { ForwardEvent } from "@/lib/contracts/forward-event.ts";
import { cn } from "@/lib/format/cn.ts";
import { collapsedInto, shortEventId } from "@/lib/format/event-id.ts";
import { remedyOf } from "@/lib/format/remedy.ts";
import { visible } from "@/lib/format/visible.ts";

const shown = 30;
const failedStates: ReadonlySet<string> = new Set(["dead", "expired"]);

/** The latest pushes to a device, each from the queue to the client's own acknowledgement. */
export function DeviceTrace({ device }: { device: Device }) {
  const t = useTranslations();
  const events = useQuery(
    api.forward.list.queryOptions({
      input: { device: device.id, limit: shown },
      placeholderData: keepPreviousData,
      refetchInterval: 3000,
    }),
  );
  const targets = useQuery(api.forward.targets.queryOptions({ staleTime: 10_000 }));
  const health = targets.data?.items.find((target) => target.name === device.target);
  // Nothing is wrong with the target, so what is held waits for the messages that may still come.
  const remedyFor = ({ state, error }: ForwardEvent) => (state === "delivered" ? null : remedyOf(device.kind, error));
  const isCollecting =
    health !== undefined && health.breaker === "closed" && health.fault === null && !health.target.paused;
  return (
    <Panel
      title={t("devices.trace")}
      note={t("devices.traceNote")}
      flush
      action={
        <Link
          href={`/forward?device=${encodeURIComponent(device.id)}`}
          className="text-meta text-accent underline-offset-2 hover:underline"
        >
          {t("users.openLog")}
        </Link>
      }
    >
      <QueryView query={events} skeleton={<TableSkeleton rows={5} columns={4} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("devices.noPushes")}</p>
          ) : (
            <ol className="divide-y divide-line">
              {items.map((event, index) => (
                <Push
                  key={event.id}
                  event={event}
                  kind={device.kind}
                  isFirstOfItsKind={items.findIndex((one) => remedyFor(one) === remedyFor(event)) === index}
                  isCollected={isCollecting && event.state === "held" && event.error === null}
                />
              ))}
            </ol>
          )
        }
      </QueryView>
    </Panel>
  );
}

interface PushProps {
  event: ForwardEvent;
  kind: Device["kind"];
  /** No later push failed in the same way: what mends it is told once. */
  isFirstOfItsKind: boolean;
  isCollected: boolean;
}

function Push({ event, kind, isFirstOfItsKind, isCollected }: PushProps) {
  const t = useTranslations();
  const sentence = useSentence();
  const provider = t(`targets.kinds.${kind}`);
  const into = collapsedInto(event.error);
  const isAccepted = event.state === "delivered";
  const isCancelled = event.state === "cancelled";
  const isFailed = failedStates.has(event.state);
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <Badge>{t(`simulator.classes.${event.class}`)}</Badge>
        <span className="text-ink-3">{t("devices.fromWhom")}</span>
        <bdi className="wrap-anywhere">{visible(event.from)}</bdi>
        <Link
          href={`/trace?id=${encodeURIComponent(event.id)}`}
          className="ml-auto text-meta text-accent underline-offset-2 hover:underline"
        >
          {t("forward.trace")}
        </Link>
        <Link
          href={`/forward/event?id=${encodeURIComponent(event.id)}`}
          title={event.id}
          className="font-mono text-meta text-accent underline-offset-2 hover:underline"
        >
          {shortEventId(event.id)}
        </Link>
      </div>
      <ol className="mt-1.5 grid gap-x-4 gap-y-1 sm:grid-cols-3">
        <Step look="done" title={t("devices.steps.queued")} at={event.createdAt} />
        <Step
          look={isAccepted ? "done" : isFailed ? "failed" : isCancelled ? "cancelled" : "open"}
          title={
            isAccepted
              ? t("devices.steps.accepted", { provider })
              : into !== null
                ? t("devices.steps.merged")
                : isFailed || isCancelled
                  ? t(`forward.states.${event.state}`)
                  : isCollected
                    ? t("devices.steps.collected")
                    : t("devices.steps.waiting", { state: t(`forward.states.${event.state}`) })
          }
          at={isAccepted || isFailed || isCancelled ? event.updatedAt : event.nextAttemptAt}
        >
          {event.providerId ? (
            <code className="block truncate font-mono text-meta text-ink-3" title={visible(event.providerId)}>
              {visible(event.providerId)}
            </code>
          ) : null}
          {into === null ? null : (
            <Link
              href={`/forward/event?id=${encodeURIComponent(into)}`}
              title={into}
              className="block font-mono text-meta text-accent underline-offset-2 hover:underline"
            >
              {shortEventId(into)}
            </Link>
          )}
          {event.error && !isAccepted && into === null ? (
            <>
              <bdi className="block text-meta wrap-anywhere text-ink-2">{sentence(event.error)}</bdi>
              {isFirstOfItsKind ? <RemedyText kind={kind} error={event.error} /> : null}
            </>
          ) : null}
        </Step>
        <Step
          look={event.ackedAt ? "acked" : "open"}
          title={t(event.ackedAt ? "devices.steps.acked" : "devices.steps.notAcked")}
          at={event.ackedAt}
        />
      </ol>
    </li>
  );
}

const looks = {
  done: { icon: Check, tone: "text-ok" },
  acked: { icon: CheckCheck, tone: "text-ok" },
  failed: { icon: X, tone: "text-err" },
  cancelled: { icon: CircleSlash, tone: "text-ink-3" },
  open: { icon: CircleDashed, tone: "text-ink-3" },
};

interface StepProps {
  look: keyof typeof looks;
  title: string;
  at: string | null;
  children?: ReactNode;
}

function Step({ look, title, at, children }: StepProps) {
  const { icon: Icon, tone } = looks[look];
  return (
    <li className="flex min-w-0 items-start gap-1.5">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tone)} />
      <div className="min-w-0">
        <span className={look === "open" ? "text-ink-3" : undefined}>{title}</span>
        <SentenceGap />
        {at ? (
          <span className="ml-1 text-meta text-ink-3">
            <TimeText at={at} />
          </span>
        ) : null}
        {children}
      </div>
    </li>
  );
}
