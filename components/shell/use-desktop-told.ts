"use client";

import { useEffect, useRef } from "react";
import { useDesktopNotices } from "@/components/kit/notice-choices.ts";

/** A matter, by a key that stays the same as long as it lasts. */
export interface Matter {
  readonly key: string;
  readonly text: string;
}

/** Tells by the browser of what is new while the console is in the background. What there was when it was opened is not news. */
export function useDesktopTold(title: string, matters: readonly Matter[] | undefined): void {
  const [isOn] = useDesktopNotices();
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (matters === undefined) return;
    const before = known.current;
    known.current = new Set(matters.map(({ key }) => key));
    if (before === null || isOn === "off" || !document.hidden || Notification.permission !== "granted") return;
    // One with the same tag takes the place of the one before it: two tabs tell once.
    for (const { key, text } of matters) if (!before.has(key)) void new Notification(title, { body: text, tag: key });
  });
}
