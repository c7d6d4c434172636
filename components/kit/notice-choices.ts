"use client";

import { useStored } from "@/lib/format/stored.ts";

/** Which matters are counted in the bar, and told by the browser; none are hidden. */
export const noticeLevels = ["error", "warning", "info"] as const;
export type NoticeLevel = (typeof noticeLevels)[number];

export const useNoticeLevel = () => useStored<NoticeLevel>("nightpost.notices", "warning");

/** Does the browser tell of them while nobody looks at the console? */
export const useDesktopNotices = () => useStored<"on" | "off">("nightpost.desktop-notices", "off");

/** Is something of this severity to be told, when the reader wants it from `level` on? */
export const isTold = (severity: NoticeLevel, level: NoticeLevel): boolean =>
  noticeLevels.indexOf(severity) <= noticeLevels.indexOf(level);
