"use client";

import type { CSSProperties, ReactNode } from "react";
import { useLocale } from "use-intl";
import { cn } from "@/lib/format/cn.ts";
import { useTimeZone } from "@/lib/format/time-zone.ts";
import { formatClock } from "@/lib/format/time.ts";

/** Where a row of a live list is, and how it is shown. */
export interface RowPlace {
  index: number;
  style: CSSProperties;
  isOpen: boolean;
  isActive: boolean;
  isNarrow: boolean;
  onOpen: () => void;
}

interface Props extends RowPlace {
  /** Lays the cells out; where it is narrow they are two lines. */
  grid: string;
  children: ReactNode;
}

/** The outermost element of a row of a live list. */
export function LiveLine({ index, style, isOpen, isActive, isNarrow, onOpen, grid, children }: Props) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list hears the keys for all its rows
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      data-index={index}
      tabIndex={isActive ? 0 : -1}
      onClick={onOpen}
      style={style}
      className={cn(
        "cursor-pointer border-b border-line/60 -outline-offset-2 hover:bg-canvas",
        isOpen && "bg-accent-soft hover:bg-accent-soft",
        isNarrow ? "flex flex-col justify-center px-4" : grid,
      )}
    >
      {children}
    </div>
  );
}

/** The time of a row, as its list shows it. */
export function useRowTime(at: string): string {
  const locale = useLocale();
  const zone = useTimeZone();
  return formatClock(Date.parse(at), locale, zone);
}

/** Whether two renders of a row look the same: its style and its handler are new ones each time. */
export function isSameRow<Row extends RowPlace>(a: Row, b: Row): boolean {
  if (a.style.transform !== b.style.transform) return false;
  for (const name in a) if (name !== "style" && name !== "onOpen" && a[name] !== b[name]) return false;
  return true;
}
