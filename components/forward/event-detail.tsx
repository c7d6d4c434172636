"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useLocale, useTranslations } from "use-intl";
import { deviceHref } from "@/components/devices/device-table.tsx";
import { Facts } from "@/components/kit/facts.tsx";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useEventError } from "@/components/kit/use-event-error.ts";
import { useTargetKinds } from "@/components/kit/use-target-kinds.ts";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { problemOf } from "@/lib/api/problem.ts";
import type { ForwardEventDetail } from "@/lib/contracts/forward-event.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { visible } from "@/lib/format/visible.ts";
import { AttemptAxis } from "./attempt-axis.tsx";
import { Attempts } from "./attempts.tsx";
import { EventActions } from "./event-actions.tsx";
import { NextAttempt } from "./next-attempt.tsx";

const EventTabs = dynamic(() => import("./event-tabs.tsx").then((part) => part.EventTabs), {
  ssr: false,
  loading: () => <TableSkeleton rows={4} columns={2} />,
});

const settled = new Set(["delivered", "dead", "expired", "cancelled"]);

/** One event with everything that was done for it: in the inspector, and on a page of its own. */
export function EventDetail({ id }: { id: string }) {
  const t = useTranslations("forward");
  const problemText = useProblemText();
  const event = useQuery(
    api.forward.get.queryOptions({
      input: { id },
      // Until it is settled it may change at any time.
      refetchInterval: (query) => (query.state.data && settled.has(query.state.data.state) ? false : 2000),
    }),
  );
  if (event.isError && problemOf(event.error).reason === "event-deleted")
    return <EmptyState title={t("deleted")} text={problemText(event.error)} />;
  return (
    <QueryView query={event} skeleton={<TableSkeleton rows={10} columns={2} />}>
      {(data) => <Detail key={id} event={data} />}
    </QueryView>
  );
}

function Detail({ event: closed }: { event: ForwardEventDetail }) {
  const t = useTranslations("forward");
  const reveal = useMutation(api.forward.reveal.mutationOptions());
  const event = opened(closed, reveal.data);
  const eventError = useEventError();
  // What no attempt says: why it was cancelled, or never attempted.
  const reason = event.error === event.attemptList.at(-1)?.error ? null : event.error;
  const simulator = useTranslations("simulator");
  const locale = useLocale();
  const kind = useTargetKinds()(event.target);
  // What is queued goes when its turn comes: behind others it would show a time that has passed.
  const next = event.state === "queued" ? null : event.nextAttemptAt;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-body">
          <ForwardStateText state={event.state} isPush={event.device !== null} />
          <span className="font-mono text-meta text-ink-2">
            {t("attemptOf", { attempt: event.attempts, most: event.maxAttempts })}
          </span>
          {next ? <NextAttempt at={next} /> : null}
        </div>
        <div className="flex items-center gap-1">
          <code className="min-w-0 font-mono text-meta wrap-anywhere text-ink-2">{event.id}</code>
          <CopyButton text={event.id} label={t("eventId")} />
        </div>
        <EventActions event={event} />
      </div>
      <Facts
        className="max-sm:grid-cols-1 lg:grid-cols-2"
        facts={[
          [t("to"), <UserLink key="to" jid={event.user} />],
          [t("from"), <JidText key="from" jid={event.from} />],
          [
            t("target"),
            <Link
              key="target"
              href={`/forward/targets?edit=${encodeURIComponent(event.target)}`}
              className="underline-offset-2 hover:underline"
            >
              {event.target}
            </Link>,
          ],
          [t("rule"), event.rule],
          [t("created"), <TimeText key="created" at={event.createdAt} as="full" />],
          [t("updated"), <TimeText key="updated" at={event.updatedAt} as="full" />],
          [t("nextAttempt"), next ? <TimeText key="next" at={next} as="full" /> : null],
          [t("expires"), settled.has(event.state) ? null : <TimeText key="expires" at={event.expiresAt} as="full" />],
          [t("why"), reason === null ? null : <bdi key="reason">{eventError(reason)}</bdi>],
          [t("class"), simulator(`classes.${event.class}`)],
          [
            t("device"),
            event.device === null ? null : (
              <Link key="device" href={deviceHref(event.device)} className="underline-offset-2 hover:underline">
                {event.device}
              </Link>
            ),
          ],
          [t("providerId"), event.providerId ? <bdi key="provider">{visible(event.providerId)}</bdi> : null],
          [
            t("ackedAt"),
            event.ackedAt === null ? (
              event.device === null ? null : (
                t("notAcked")
              )
            ) : (
              <TimeText key="acked" at={event.ackedAt} as="full" />
            ),
          ],
          [t("cancelOn"), event.cancelOn === "never" ? null : t(`cancelOns.${event.cancelOn}`)],
          [t("size"), formatBytes(event.bytes, locale)],
        ]}
      />
      <section>
        <h3 className="mb-2 font-semibold">{t("attempts")}</h3>
        <AttemptAxis event={event} next={next} />
        <Attempts attempts={event.attemptList} kind={kind} />
      </section>
      <EventTabs
        event={event}
        isSettled={settled.has(event.state)}
        onReveal={reveal.isPending || reveal.isSuccess ? null : () => reveal.mutate({ id: event.id })}
      />
    </div>
  );
}

/** An event as it is now, with the texts that were asked for. */
function opened(event: ForwardEventDetail, revealed: ForwardEventDetail | undefined): ForwardEventDetail {
  if (revealed === undefined) return event;
  const attemptList = event.attemptList.map(
    (attempt) => revealed.attemptList.find(({ number }) => number === attempt.number) ?? attempt,
  );
  return { ...event, payload: revealed.payload, stanza: revealed.stanza, attemptList };
}

function UserLink({ jid }: { jid: string }) {
  return (
    <Link href={`/users/account?jid=${encodeURIComponent(jid)}`} className="underline-offset-2 hover:underline">
      <JidText jid={jid} />
    </Link>
  );
}
