"use client";

import type { ReactNode } from "react";
import { LanguageChoice, ThemeChoice } from "@/components/kit/preferences.tsx";
import { useApplyTheme } from "@/components/kit/theme.ts";
import { Wordmark } from "./wordmark.tsx";

/** The frame of the pages before the login. */
export function EntryFrame({ children }: { children: ReactNode }) {
  useApplyTheme();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-13 items-center border-b border-line bg-surface px-4 md:px-6">
        <Wordmark />
      </header>
      <main className="flex flex-1 flex-col items-center px-4 py-10 sm:py-16">{children}</main>
      <footer className="flex flex-wrap items-center justify-center gap-3 px-4 py-5">
        <LanguageChoice />
        <ThemeChoice />
      </footer>
    </div>
  );
}
