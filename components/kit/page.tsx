"use client";

import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";
import { useDocumentTitle } from "./document-title.tsx";

interface Props {
  /** Shown in the tab; the name of the console is added. */
  title: string;
  isDirty?: boolean;
  /** Logs use the whole width. */
  bleed?: boolean;
  children: ReactNode;
}

export function Page({ title, isDirty, bleed, children }: Props) {
  useDocumentTitle(`${isDirty ? "• " : ""}${title}`);
  return (
    <div
      className={cn(
        "flex flex-col gap-5 px-4 py-5 md:px-6",
        bleed ? "min-h-0 flex-1" : "mx-auto w-full max-w-[1440px] grow",
      )}
    >
      {children}
    </div>
  );
}
