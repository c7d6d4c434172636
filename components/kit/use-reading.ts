"use client";

import { type RefObject, useCallback, useEffect, useState } from "react";
import type { LiveListHandle } from "./live-list.tsx";
import { useKeys } from "./use-keys.ts";

interface Frozen {
  freeze(): void;
  pause(): void;
  follow(): void;
}

/**
 * A live log stands still while somebody reads in it: by the button or a key, by scrolling down, by opening a row.
 * `close` closes the open row.
 */
export function useReading(log: Frozen, isOpen: boolean, list: RefObject<LiveListHandle | null>, close: () => void) {
  const [isHeld, setHeld] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  const stands = isHeld || isScrolled || isOpen;
  useEffect(() => {
    if (stands) log.freeze();
    else log.follow();
  }, [log, stands]);

  const resume = useCallback(() => {
    setHeld(false);
    setScrolled(false);
    close();
    log.follow();
    list.current?.toTop();
  }, [log, list, close]);
  const toggle = () => (stands ? resume() : setHeld(true));
  const pause = () => {
    setHeld(true);
    log.pause();
  };
  useKeys({ l: toggle, L: toggle, p: pause, P: pause });
  return { resume, toggle, setScrolled };
}
