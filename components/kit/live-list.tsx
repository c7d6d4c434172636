"use client";
"use no memo";

import { type KeyboardEvent, type ReactNode, type Ref, useImperativeHandle, useRef, useState } from "react";
import { isGap, isReconnected, isRestarted, isRow, type LiveRow } from "@/lib/api/live-rows.ts";
import type { RowPlace } from "./live-line.tsx";
import { GapRow, ReconnectedRow, RestartedRow } from "./live-marks.tsx";
import { useNarrow } from "./use-narrow.ts";
import { useRowsInView } from "./use-rows-in-view.ts";

export interface LiveListHandle {
  toTop: () => void;
  /** Opens the row above (-1) or below (1) the open one. */
  step: (by: number) => void;
  focusRow: () => void;
}

/** Where the rows are; `row(0)` is the newest. */
export interface LiveSource<T extends object> {
  row(index: number): LiveRow<T> | undefined;
  /** A number for the row that does not change when newer ones come: one less than that of the row above it. */
  positionOf(index: number): number;
  /** Fills gaps by reading the list again; absent where nothing is kept. */
  readonly fill?: () => void;
}

interface Props<T extends object> {
  ref: Ref<LiveListHandle>;
  label: string;
  source: LiveSource<T>;
  count: number;
  idOf: (row: T) => string;
  openId: string | null;
  onOpen: (id: string) => void;
  onScrolled: (isScrolled: boolean) => void;
  /** The cells of the header row, laid out by `headerClass`. */
  header: ReactNode;
  headerClass: string;
  render: (row: T, place: RowPlace, key: string) => ReactNode;
  footer: ReactNode;
}

const followWithinPx = 16;
const widePx = 28;
const narrowPx = 52;

/**
 * The list of all live logs; only rows in view are drawn. It reads them from a mutable store, so the React Compiler must leave
 * this file alone ("use no memo").
 */
export function LiveList<T extends object>(props: Props<T>) {
  const { ref, label, source, count, idOf, openId, onOpen, onScrolled, header, headerClass, render, footer } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const head = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const rowPx = isNarrow ? narrowPx : widePx;
  const { first, end, slots } = useRowsInView(scroller, rowPx, count);

  /** Scrolls no further than it takes to see the whole row, which the header does not cover. */
  const reveal = (index: number) => {
    const element = scroller.current;
    if (element === null) return;
    const below = (head.current?.offsetHeight ?? 0) + (index + 1) * rowPx - element.clientHeight;
    element.scrollTop = Math.max(below, Math.min(element.scrollTop, index * rowPx));
  };
  const focus = (index: number) => {
    const next = Math.min(count - 1, Math.max(0, index));
    setActive(next);
    reveal(next);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  const eventAt = (index: number): T | null => {
    const row = source.row(index);
    return row !== undefined && isRow(row) ? row : null;
  };
  const open = (index: number) => {
    const row = eventAt(index);
    if (row) onOpen(idOf(row));
  };
  const indexOfOpen = () => {
    for (let index = 0; index < count; index++) {
      const row = eventAt(index);
      if (row && idOf(row) === openId) return index;
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
      if (next < 0 || next >= count) return;
      setActive(next);
      reveal(next);
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
      <div role="grid" tabIndex={-1} aria-label={label} aria-rowcount={count + 1} onKeyDown={onKey}>
        <div
          ref={head}
          role="row"
          aria-rowindex={1}
          className={`${headerClass} sticky top-0 z-5 h-8 border-b border-line bg-surface text-meta text-ink-3 max-sm:hidden`}
        >
          {header}
        </div>
        <div role="rowgroup" style={{ height: count * rowPx, position: "relative" }}>
          {Array.from({ length: end - first }, (_, drawn) => {
            const index = first + drawn;
            const row = source.row(index);
            if (!row) return null;
            const style = {
              position: "absolute" as const,
              top: 0,
              left: 0,
              right: 0,
              height: rowPx,
              transform: `translateY(${index * rowPx}px)`,
            };
            // What stays in view keeps its element; one that leaves is filled anew for one that comes.
            const slot = source.positionOf(index) % slots;
            const key = String(slot < 0 ? slot + slots : slot);
            const place = { style, index };
            if (isGap(row)) return <GapRow key={key} gap={row} {...place} onLoad={source.fill} />;
            if (isReconnected(row)) return <ReconnectedRow key={key} at={row.at} {...place} />;
            if (isRestarted(row)) return <RestartedRow key={key} row={row} {...place} />;
            return render(
              row,
              {
                ...place,
                isOpen: idOf(row) === openId,
                isActive: index === active,
                isNarrow,
                onOpen: () => {
                  setActive(index);
                  onOpen(idOf(row));
                },
              },
              key,
            );
          })}
        </div>
      </div>
      <div className="flex min-h-11 items-center justify-center border-t border-line text-meta text-ink-3">
        {footer}
      </div>
    </div>
  );
}
