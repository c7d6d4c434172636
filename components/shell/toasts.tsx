"use client";

import { Toaster } from "sonner";
import { useDarkness } from "@/components/kit/theme.ts";

export function Toasts() {
  const isDark = useDarkness();
  return (
    <Toaster
      theme={isDark ? "dark" : "light"}
      position="bottom-left"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-start gap-3 rounded-panel border border-line bg-surface p-3 text-base text-ink shadow-overlay font-sans",
          icon: "mt-0.5 shrink-0",
          content: "min-w-0 flex-1",
          title: "font-medium wrap-anywhere",
          description: "text-ink-2 wrap-anywhere",
          actionButton:
            "h-7 shrink-0 rounded-control border border-line-strong px-2.5 text-meta font-medium hover:bg-sunken",
        },
      }}
    />
  );
}
