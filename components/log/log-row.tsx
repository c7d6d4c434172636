"use client";

import { memo } from "react";
import { isSameRow, LiveLine, type RowPlace, useRowTime } from "@/components/kit/live-line.tsx";
import type { LogRecord } from "@/lib/contracts/log.ts";
import { visible } from "@/lib/format/visible.ts";
import { LevelText } from "./level-text.tsx";

export const rowGrid =
  "grid items-center gap-x-3 px-4 whitespace-nowrap grid-cols-[80px_92px_112px_minmax(0,1fr)] " +
  "@4xl:grid-cols-[80px_92px_128px_160px_minmax(0,1fr)]";

/** One record on one line: what it says, then its fields. */
export const LogRow = memo(function LogRow({ record, ...place }: RowPlace & { record: LogRecord }) {
  const time = useRowTime(record.at);
  const { host, ...fields } = record.fields;
  if (place.isNarrow) {
    return (
      <LiveLine {...place} grid={rowGrid}>
        <div role="gridcell" className="flex items-baseline gap-2">
          <LevelText level={record.level} />
          <span className="truncate text-meta text-ink-3">{record.module}</span>
          <span className="ml-auto font-mono text-meta text-ink-3">{time}</span>
        </div>
        <div role="gridcell" className="truncate text-meta">
          <bdi>{visible(record.message)}</bdi>
        </div>
      </LiveLine>
    );
  }
  return (
    <LiveLine {...place} grid={rowGrid}>
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
    </LiveLine>
  );
}, isSameRow);

function fieldsText(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${fieldText(value)}`)
    .join(" ");
}

export function fieldText(value: unknown): string {
  return visible(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
}
