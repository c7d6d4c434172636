"use client";

import { useSyncExternalStore } from "react";

/** How the key for commands is written on this keyboard, before a letter. What is prerendered is for most of them. */
export function useCommandKey(): string {
  return useSyncExternalStore(unchanging, keyOfPlatform, () => "Ctrl ");
}

const unchanging = () => () => undefined;
const keyOfPlatform = () => (/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl ");
