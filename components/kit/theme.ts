"use client";

import { useEffect, useSyncExternalStore } from "react";
import { useStored } from "@/lib/format/stored.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const dark = () => matchMedia("(prefers-color-scheme: dark)");

export const useTheme = () => useStored<Theme>("nightpost.theme", "system");

/** Keeps the page in the chosen theme; `public/theme.js` has set the first one before the paint. */
export function useApplyTheme(): void {
  const [theme] = useTheme();
  useEffect(() => {
    const media = dark();
    const apply = () => {
      const isDark = theme === "dark" || (theme === "system" && media.matches);
      document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    };
    apply();
    media.addEventListener("change", apply);
    return () => media.removeEventListener("change", apply);
  }, [theme]);
}

export function useDarkness(): boolean {
  const [theme] = useTheme();
  const system = useSyncExternalStore(
    (listener) => {
      const media = dark();
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => dark().matches,
    () => false,
  );
  return theme === "dark" || (theme === "system" && system);
}
