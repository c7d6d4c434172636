"use client";

import { type RefObject, useEffect } from "react";

/** A list that is read anew has come by then, or does not come. */
const waitMs = 10_000;
const reading = ["wheel", "touchstart", "keydown", "pointerdown"] as const;

/**
 * The way back leads to where the reader was in a page. Pages scroll inside `frame`, of which the browser remembers nothing;
 * what is in them comes later than the address, so the place is held until it does, or the reader goes elsewhere.
 */
export function useScrollPlace(frame: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const places = new Map<string, number>();
    let wanted: number | null = null;
    let shown = location.pathname;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hold = () => {
      if (wanted !== null) element.scrollTop = wanted;
    };
    const content = new MutationObserver(hold);
    const release = () => {
      wanted = null;
      content.disconnect();
      clearTimeout(timer);
    };
    const onScroll = () => {
      if (wanted !== null) return;
      shown = location.pathname;
      places.set(location.href, element.scrollTop);
    };
    const onBack = () => {
      release();
      // Somewhere else in the same page, such as without the row that was opened, the reader stays where they are.
      const start = location.pathname === shown ? null : 0;
      shown = location.pathname;
      wanted = places.get(location.href) ?? start;
      if (wanted === null) return;
      timer = setTimeout(release, waitMs);
      content.observe(element, { childList: true, subtree: true });
      hold();
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    addEventListener("popstate", onBack);
    for (const name of reading) element.addEventListener(name, release, { passive: true });
    return () => {
      release();
      element.removeEventListener("scroll", onScroll);
      removeEventListener("popstate", onBack);
      for (const name of reading) element.removeEventListener(name, release);
    };
  }, [frame]);
}
