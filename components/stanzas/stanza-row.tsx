"use client";

import { ArrowDownLeft, ArrowUpRight } from "lucide-react";
import { memo } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { isSameRow, LiveLine, type RowPlace, useRowTime } from "@/components/kit/live-line.tsx";
import type { StanzaRecord } from "@/lib/contracts/stanzas.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";
import type { Reply } from "./replies.ts";

export const rowGrid =
  "grid items-center gap-x-3 px-4 whitespace-nowrap grid-cols-[44px_92px_minmax(120px,1fr)_108px] " +
  "@3xl:grid-cols-[52px_92px_minmax(140px,1fr)_116px_minmax(160px,1.2fr)_80px_72px]";

interface Props extends RowPlace {
  stanza: StanzaRecord;
  reply: Reply | undefined;
}

/** One stanza on one line. */
export const StanzaRow = memo(function StanzaRow({ stanza, reply, ...place }: Props) {
  const format = useFormatter();
  const locale = useLocale();
  const time = useRowTime(stanza.at);
  const kind = stanza.type === null ? stanza.kind : `${stanza.kind} ${stanza.type}`;
  const kindTone = stanza.type === "error" ? "text-err" : "text-ink-2";
  if (place.isNarrow) {
    return (
      <LiveLine {...place} grid={rowGrid}>
        <div role="gridcell" className="flex items-baseline gap-2">
          <Direction direction={stanza.direction} />
          <span className={cn("truncate", kindTone)}>{visible(kind)}</span>
          <span className="ml-auto font-mono text-meta text-ink-3">{time}</span>
        </div>
        <div role="gridcell" className="truncate text-meta">
          <JidText jid={stanza.jid} />
        </div>
      </LiveLine>
    );
  }
  return (
    <LiveLine {...place} grid={rowGrid}>
      <span role="gridcell" className="flex text-meta">
        <Direction direction={stanza.direction} />
      </span>
      <span role="gridcell" className="font-mono text-meta text-ink-2">
        {time}
      </span>
      <span role="gridcell" className="truncate">
        <JidText jid={stanza.jid} />
      </span>
      <span role="gridcell" className={cn("truncate", kindTone)}>
        {visible(kind)}
      </span>
      <span role="gridcell" className="truncate font-mono text-meta text-ink-3 @max-3xl:hidden">
        <bdi>{stanza.payload === null ? "" : visible(stanza.payload)}</bdi>
      </span>
      <span role="gridcell" className="text-right font-mono text-meta text-ink-2 @max-3xl:hidden">
        {reply === undefined ? "" : `${format.number(reply.ms)} ms`}
      </span>
      <span role="gridcell" className="text-right text-meta text-ink-3 @max-3xl:hidden">
        {formatBytes(stanza.bytes, locale)}
      </span>
    </LiveLine>
  );
}, isSameRow);

export function Direction({ direction }: { direction: StanzaRecord["direction"] }) {
  const t = useTranslations("stanzas.directionShort");
  const Icon = direction === "in" ? ArrowDownLeft : ArrowUpRight;
  return (
    <span className={cn("inline-flex items-center gap-1", direction === "in" ? "text-accent" : "text-violet")}>
      <Icon aria-hidden className="size-3.5" />
      {t(direction)}
    </span>
  );
}
