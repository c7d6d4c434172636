"use client";

import {
  Archive,
  Ban,
  Check,
  CheckCheck,
  Clock,
  Inbox,
  type LucideIcon,
  MonitorSmartphone,
  Send,
  ShieldX,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Link } from "@/components/ui/link.tsx";
import type { TracedMessage, TraceStep } from "@/lib/contracts/trace.ts";
import { cn } from "@/lib/format/cn.ts";
import { shortEventId } from "@/lib/format/event-id.ts";
import { visible } from "@/lib/format/visible.ts";

const looks: Record<TraceStep["kind"], { icon: LucideIcon; tone: string }> = {
  received: { icon: Inbox, tone: "text-ink-2" },
  dropped: { icon: ShieldX, tone: "text-err" },
  kept: { icon: Archive, tone: "text-ink-2" },
  given: { icon: MonitorSmartphone, tone: "text-ok" },
  stored: { icon: Clock, tone: "text-warn" },
  ignored: { icon: Ban, tone: "text-ink-3" },
  refused: { icon: X, tone: "text-err" },
  waiting: { icon: Clock, tone: "text-warn" },
  taken: { icon: CheckCheck, tone: "text-ok" },
  archived: { icon: Archive, tone: "text-ok" },
};

const now: ReadonlySet<TraceStep["kind"]> = new Set(["waiting", "taken", "archived"]);

type Event = TracedMessage["forwards"][number];

/** What happened, from the receipt to the client: decisions and forwards with their attempts, and then where it is now. */
export function Timeline({ message: { steps, forwards } }: { message: TracedMessage }) {
  const t = useTranslations("trace");
  const past: { at: string; step?: TraceStep; event?: Event }[] = [
    ...steps.filter(({ kind }) => !now.has(kind)).map((step) => ({ at: step.at ?? "", step })),
    ...forwards.map((event) => ({ at: event.createdAt, event })),
  ];
  // Stable: what happened at the same moment stays as the server told it.
  past.sort((a, b) => a.at.localeCompare(b.at));
  return (
    <ol className="flex flex-col">
      {past.map(({ step, event }, index) =>
        step ? (
          <Step key={`${step.kind} ${index}`} step={step} />
        ) : event ? (
          <Forward key={event.id} event={event} />
        ) : null,
      )}
      {forwards.length === 0 ? (
        <Item icon={Send} tone="text-ink-3" title={<span className="text-ink-3">{t("noForwards")}</span>} at={null} />
      ) : null}
      {steps
        .filter(({ kind }) => now.has(kind))
        .map((step) => (
          <Step key={step.kind} step={step} isLast />
        ))}
    </ol>
  );
}

function Step({ step, isLast }: { step: TraceStep; isLast?: boolean }) {
  const t = useTranslations("trace");
  const { icon, tone } = looks[step.kind];
  const values = { by: step.by ?? "—", detail: visible(step.detail ?? "") };
  const kind = step.kind === "given" && !step.detail ? "givenNobody" : step.kind;
  return (
    <Item icon={icon} tone={tone} title={t(`steps.${kind}`, values)} at={step.at} isNow={isLast ?? false}>
      <span className="text-meta text-ink-3">
        {step.by === null || step.kind === "dropped" ? null : `${t("by", { name: step.by })} · `}
        {t(`sources.${step.source}`)}
      </span>
    </Item>
  );
}

function Forward({ event }: { event: Event }) {
  const t = useTranslations("trace");
  const sentence = useSentence();
  const format = useFormatter();
  const isPush = event.device !== null;
  return (
    <Item
      icon={Send}
      tone="text-accent"
      title={
        <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-0.5">
          {t(isPush ? "push" : "forward", { target: event.target })}
          <ForwardStateText state={event.state} isPush={isPush} />
          <Link
            href={`/forward/event?id=${encodeURIComponent(event.id)}`}
            title={event.id}
            className="font-mono text-meta text-accent underline-offset-2 hover:underline"
          >
            {shortEventId(event.id)}
          </Link>
        </span>
      }
      at={event.createdAt}
    >
      <ol className="mt-1 flex flex-col gap-1">
        {event.attemptList.map((attempt) => (
          <li key={attempt.number} className="flex flex-wrap items-center gap-x-2 text-meta">
            {attempt.outcome === "delivered" ? (
              <Check aria-hidden className="size-3.5 text-ok" />
            ) : (
              <X aria-hidden className="size-3.5 text-err" />
            )}
            <span>{t("attempt", { number: attempt.number, outcome: t(`outcomes.${attempt.outcome}`) })}</span>
            {attempt.status === null ? null : <span className="font-mono">{attempt.status}</span>}
            <span className="font-mono text-ink-3">{format.number(Math.round(attempt.timing.totalMs))} ms</span>
            {attempt.error ? <bdi className="wrap-anywhere text-ink-2">{sentence(attempt.error)}</bdi> : null}
            <span className="text-ink-3">
              <TimeText at={attempt.startedAt} as="clock" />
            </span>
          </li>
        ))}
        {event.nextAttemptAt && event.state === "retrying" ? (
          <li className="text-meta text-ink-2">
            {t("waits")} <TimeText at={event.nextAttemptAt} as="clock" />
          </li>
        ) : null}
        {event.ackedAt ? (
          <li className="flex items-center gap-2 text-meta">
            <CheckCheck aria-hidden className="size-3.5 text-ok" />
            {t("acked")} <TimeText at={event.ackedAt} as="clock" />
          </li>
        ) : null}
      </ol>
    </Item>
  );
}

interface ItemProps {
  icon: LucideIcon;
  tone: string;
  title: ReactNode;
  at: string | null;
  /** Where it is now, and not something that happened. */
  isNow?: boolean;
  children?: ReactNode;
}

function Item({ icon: Icon, tone, title, at, isNow, children }: ItemProps) {
  return (
    <li className="grid grid-cols-[104px_20px_minmax(0,1fr)] gap-x-3 max-sm:grid-cols-[20px_minmax(0,1fr)]">
      <span className="pt-px text-right font-mono text-meta text-ink-3 max-sm:hidden">
        {at === null ? null : <TimeText at={at} as="clock" />}
      </span>
      <span className="flex flex-col items-center">
        <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tone)} />
        <span aria-hidden className="w-px flex-1 bg-line" />
      </span>
      <div className={cn("min-w-0 pb-4", isNow && "font-medium")}>
        <div className="wrap-anywhere">{title}</div>
        {at === null ? null : (
          <span className="hidden font-mono text-meta text-ink-3 max-sm:inline">
            <TimeText at={at} as="clock" />{" "}
          </span>
        )}
        {children}
      </div>
    </li>
  );
}
