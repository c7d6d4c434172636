"use client";

import { useEffect, useRef } from "react";

/** True while keys, and what is pasted, belong to a field, a menu or a dialog, and not to the page. */
export function isTyping(event: Event): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return false;
  return Boolean(
    target.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=menu], [role=dialog]"),
  );
}

/** Single keys of a page. They are silent while the reader types or holds a modifier. */
export function useKeys(keys: Record<string, () => void>): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (!Object.hasOwn(current.current, event.key)) return;
      event.preventDefault();
      current.current[event.key]?.();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

type Pressed = Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey" | "shiftKey">;

/** ⌘, or Ctrl, and the letter. */
const isShortcut = (event: Pressed, letter: string): boolean =>
  (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === letter;

export const isSaveKey = (event: Pressed): boolean => isShortcut(event, "s");

/** What a page does on ⌘, or Ctrl, and a letter, also while somebody types; a dialog over it has keys of its own. */
export function useShortcut(letter: string, act: () => void): void {
  const current = useRef(act);
  useEffect(() => {
    current.current = act;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isShortcut(event, letter) || document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      current.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [letter]);
}

/** Saves what a page has a draft of. */
export const useSaveKey = (save: () => void): void => useShortcut("s", save);
