"use client";

import { type RefObject, useLayoutEffect, useState } from "react";

/** Rows beyond each edge, so that scrolling does not show bare paper. */
const spare = 8;

/**
 * Which of `count` rows of one height are drawn. Nothing is kept of the others: a list of fifty thousand costs what one of fifty
 * does. `slots`: more than are ever drawn at once.
 */
export function useRowsInView(scroller: RefObject<HTMLElement | null>, rowPx: number, count: number) {
  const [top, setTop] = useState(0);
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const look = () => {
      setTop(Math.floor(element.scrollTop / rowPx));
      setRoom(Math.ceil(element.clientHeight / rowPx));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, rowPx]);
  const end = Math.min(count, top + room + spare);
  return { first: Math.max(0, Math.min(top - spare, end)), end, slots: room + 2 * spare + 1 };
}
