"use client";
"use no memo";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import type { ForwardLog, ForwardLogView } from "@/lib/api/forward-log.ts";
import { isGap, isReconnected } from "@/lib/api/live-rows.ts";
import { useNarrow } from "@/components/kit/use-narrow.ts";
import { GapRow, ReconnectedRow } from "./gap-row.tsx";
import { LogRow, rowGrid } from "./log-row.tsx";

export interface LogListHandle {
  toTop: () => void;
  /** Opens the row above (-1) or below (1) the open one. */
  step: (by: number) => void;
  focusRow: () => void;
}

interface Props {
  ref: Ref<LogListHandle>;
  log: ForwardLog;
  view: ForwardLogView;
  openId: string | null;
  onOpen: (id: string) => void;
  onScrolled: (isScrolled: boolean) => void;
}

const followWithinPx = 16;

/**
 * The virtual list. It reads rows from a mutable store, and the virtualizer is mutable too, so the React Compiler must
 * leave this file alone ("use no memo").
 */
export function LogList({ ref, log, view, openId, onOpen, onScrolled }: Props) {
  const t = useTranslations("forward");
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const [active, setActive] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- "use no memo" above
  const virtualizer = useVirtualizer({
    count: view.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? 52 : 28),
    getItemKey: (index) => log.keyOf(index),
    overscan: 12,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, isNarrow]);

  const focus = (index: number) => {
    const next = Math.min(view.count - 1, Math.max(0, index));
    setActive(next);
    virtualizer.scrollToIndex(next);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  const open = (index: number) => {
    const row = log.row(index);
    if (row && !isGap(row) && !isReconnected(row)) onOpen(row.id);
  };
  const indexOfOpen = () => {
    for (let index = 0; index < view.count; index++) {
      const row = log.row(index);
      if (row && "id" in row && row.id === openId) return index;
    }
    return active;
  };

  useImperativeHandle(ref, () => ({
    toTop: () => {
      setActive(0);
      scroller.current?.scrollTo({ top: 0 });
    },
    step: (by) => {
      const next = indexOfOpen() + by;
      if (next < 0 || next >= view.count) return;
      setActive(next);
      virtualizer.scrollToIndex(next);
      open(next);
    },
    focusRow: () => focus(active),
  }));

  const onKey = (event: KeyboardEvent) => {
    const step =
      event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
    if (step !== 0) focus(active + step);
    else if (event.key === "PageDown") focus(active + 20);
    else if (event.key === "PageUp") focus(active - 20);
    else if (event.key === "Home") focus(0);
    else if (event.key === "Enter") open(active);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop > followWithinPx)}
      className="@container min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <div role="grid" tabIndex={-1} aria-label={t("title")} aria-rowcount={view.count + 1} onKeyDown={onKey}>
        <div
          role="row"
          aria-rowindex={1}
          className={`${rowGrid} sticky top-0 z-5 h-8 border-b border-line bg-surface text-meta text-ink-3 max-sm:hidden`}
        >
          <span role="columnheader">{t("columns.state")}</span>
          <span role="columnheader">{t("columns.time")}</span>
          <span role="columnheader">{t("columns.user")}</span>
          <span role="columnheader" className="@max-3xl:hidden">
            {t("columns.target")}
          </span>
          <span role="columnheader" className="text-right">
            {t("columns.attempt")}
          </span>
          <span role="columnheader">{t("columns.status")}</span>
          <span role="columnheader" className="text-right @max-3xl:hidden">
            {t("columns.ms")}
          </span>
          <span role="columnheader" className="text-right @max-4xl:hidden">
            {t("columns.size")}
          </span>
          <span role="columnheader" className="@max-4xl:hidden">
            {t("columns.id")}
          </span>
        </div>
        <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = log.row(item.index);
            if (!row) return null;
            const place = {
              position: "absolute" as const,
              top: 0,
              left: 0,
              right: 0,
              height: item.size,
              transform: `translateY(${item.start}px)`,
            };
            if (isGap(row))
              return <GapRow key={item.key} gap={row} style={place} index={item.index} onLoad={log.fill} />;
            if (isReconnected(row))
              return <ReconnectedRow key={item.key} at={row.at} style={place} index={item.index} />;
            return (
              <LogRow
                key={item.key}
                event={row}
                index={item.index}
                style={place}
                isOpen={row.id === openId}
                isActive={item.index === active}
                isNarrow={isNarrow}
                onOpen={() => {
                  setActive(item.index);
                  onOpen(row.id);
                }}
              />
            );
          })}
        </div>
      </div>
      <div className="flex min-h-11 items-center justify-center border-t border-line text-meta text-ink-3">
        {view.hasOlder ? (
          <Button size="sm" variant="ghost" onClick={log.loadOlder} disabled={view.isLoadingOlder}>
            {t("loadOlder")}
          </Button>
        ) : (
          t("noOlder")
        )}
      </div>
    </div>
  );
}
