"use client";

import { memo } from "react";
import { useLocale } from "use-intl";
import type { RowPlace } from "@/components/kit/live-list.tsx";
import type { LogRecord } from "@/lib/contracts/log.ts";
import { cn } from "@/lib/format/cn.ts";
import { formatClock } from "@/lib/format/time.ts";
import { useTimeZone } from "@/lib/format/time-zone.ts";
import { visible } from "@/lib/format/visible.ts";
import { LevelText } from "./level-text.tsx";

export const rowGrid =
  "grid items-center gap-x-3 px-4 whitespace-nowrap grid-cols-[80px_92px_112px_minmax(0,1fr)] " +
  "@4xl:grid-cols-[80px_92px_128px_160px_minmax(0,1fr)]";

/** One record on one line: what it says, then its fields. */
export const LogRow = memo(
  function LogRow({ record, index, style, isOpen, isActive, isNarrow, onOpen }: RowPlace & { record: LogRecord }) {
    const locale = useLocale();
    const zone = useTimeZone();
    const time = formatClock(Date.parse(record.at), locale, zone);
    const { host, ...fields } = record.fields;
    const shared = {
      role: "row",
      "aria-rowindex": index + 2,
      "aria-selected": isOpen,
      "data-index": index,
      tabIndex: isActive ? 0 : -1,
      onClick: onOpen,
      style,
    };
    const look = cn(
      "cursor-pointer border-b border-line/60 -outline-offset-2 hover:bg-canvas",
      isOpen && "bg-accent-soft hover:bg-accent-soft",
    );
    if (isNarrow) {
      return (
        <div {...shared} className={cn(look, "flex flex-col justify-center px-4")}>
          <div role="gridcell" className="flex items-baseline gap-2">
            <LevelText level={record.level} />
            <span className="truncate text-meta text-ink-3">{record.module}</span>
            <span className="ml-auto font-mono text-meta text-ink-3">{time}</span>
          </div>
          <div role="gridcell" className="truncate text-meta">
            <bdi>{visible(record.message)}</bdi>
          </div>
        </div>
      );
    }
    return (
      <div {...shared} className={cn(look, rowGrid)}>
        <span role="gridcell" className="flex text-meta">
          <LevelText level={record.level} />
        </span>
        <span role="gridcell" className="font-mono text-meta text-ink-2">
          {time}
        </span>
        <span role="gridcell" className="truncate text-ink-2">
          {record.module}
        </span>
        <span role="gridcell" className="truncate text-ink-3 @max-4xl:hidden">
          <bdi>{typeof host === "string" ? visible(host) : ""}</bdi>
        </span>
        <span role="gridcell" className="truncate">
          <bdi>{visible(record.message)}</bdi>
          <bdi className="ml-3 font-mono text-meta text-ink-3">{fieldsText(fields)}</bdi>
        </span>
      </div>
    );
  },
  (a, b) =>
    a.record === b.record &&
    a.index === b.index &&
    a.isOpen === b.isOpen &&
    a.isActive === b.isActive &&
    a.isNarrow === b.isNarrow &&
    a.style.transform === b.style.transform,
);

function fieldsText(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${fieldText(value)}`)
    .join(" ");
}

export function fieldText(value: unknown): string {
  return visible(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
}
