"use client";

import { memo } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { isSameRow, LiveLine, type RowPlace, useRowTime } from "@/components/kit/live-line.tsx";
import { useEventError } from "@/components/kit/use-event-error.ts";
import type { ForwardEvent } from "@/lib/contracts/forward-event.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { shortEventId } from "@/lib/format/event-id.ts";
import { NextAttempt } from "./next-attempt.tsx";

export const rowGrid =
  "grid items-center gap-x-3 px-4 whitespace-nowrap " +
  "grid-cols-[96px_92px_minmax(120px,1.4fr)_48px_minmax(110px,1.2fr)] " +
  "@3xl:grid-cols-[96px_92px_minmax(140px,1.5fr)_minmax(72px,0.7fr)_52px_minmax(120px,1.3fr)_72px] " +
  "@4xl:grid-cols-[96px_92px_minmax(140px,1.5fr)_minmax(72px,0.7fr)_52px_minmax(120px,1.3fr)_72px_72px_104px]";

/** One event on one line. It is the same row from the first attempt to the last. */
export const LogRow = memo(function LogRow({ event, ...place }: RowPlace & { event: ForwardEvent }) {
  const format = useFormatter();
  const locale = useLocale();
  const time = useRowTime(event.createdAt);
  if (place.isNarrow) {
    return (
      <LiveLine {...place} grid={rowGrid}>
        <div role="gridcell" className="flex items-baseline gap-2">
          <ForwardStateText state={event.state} isPush={event.device !== null} />
          <span className="ml-auto font-mono text-meta text-ink-3">{time}</span>
        </div>
        <div role="gridcell" className="flex items-baseline gap-2 text-meta">
          <JidText jid={event.user} className="min-w-0 flex-1 truncate" />
          <span className="max-w-[45%] truncate text-ink-3">
            <Answer event={event} />
          </span>
        </div>
      </LiveLine>
    );
  }
  return (
    <LiveLine {...place} grid={rowGrid}>
      <span role="gridcell" className="flex">
        <ForwardStateText state={event.state} isPush={event.device !== null} />
      </span>
      <span role="gridcell" className="font-mono text-meta text-ink-2">
        {time}
      </span>
      <span role="gridcell" className="truncate">
        <JidText jid={event.user} />
      </span>
      <span role="gridcell" className="truncate text-ink-2 @max-3xl:hidden">
        {event.target}
      </span>
      <span role="gridcell" className="text-right font-mono text-meta text-ink-2">
        <Attempt event={event} />
      </span>
      <span role="gridcell" className="truncate pl-2 text-meta text-ink-2">
        <Answer event={event} />
      </span>
      <span role="gridcell" className="text-right font-mono text-meta text-ink-2 @max-3xl:hidden">
        {event.ms === null ? "" : `${format.number(Math.round(event.ms))} ms`}
      </span>
      <span role="gridcell" className="text-right text-meta text-ink-3 @max-4xl:hidden">
        {formatBytes(event.bytes, locale)}
      </span>
      <span role="gridcell" className="truncate font-mono text-meta text-ink-3 @max-4xl:hidden" title={event.id}>
        {shortEventId(event.id)}
      </span>
    </LiveLine>
  );
}, isSameRow);

function Attempt({ event }: { event: ForwardEvent }) {
  const t = useTranslations("forward");
  return t("attemptOf", { attempt: event.attempts, most: event.maxAttempts });
}

function Answer({ event }: { event: ForwardEvent }) {
  const eventError = useEventError();
  // An answer that is nothing but its status says it once.
  const reason = event.state === "delivered" || event.error === `HTTP ${event.status}` ? null : event.error;
  return (
    <>
      {event.status === null ? null : <span className="font-mono">{event.status} </span>}
      {event.nextAttemptAt && event.state === "retrying" ? <NextAttempt at={event.nextAttemptAt} /> : null}
      {reason ? <bdi className="text-ink-3">{eventError(reason)}</bdi> : null}
    </>
  );
}
