"use client";

import { useEffect } from "react";
import { Toaster } from "sonner";
import { useTranslations } from "use-intl";
import { useDarkness } from "@/components/kit/theme.ts";
import { isTyping } from "@/components/kit/use-keys.ts";

export function Toasts() {
  const t = useTranslations("common");
  const isDark = useDarkness();
  useUndoKey();
  return (
    <Toaster
      containerAriaLabel={t("toasts")}
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

/** ⌘Z, or Ctrl and Z: takes back what the newest toast offers to take back. */
function useUndoKey(): void {
  const undo = useTranslations("common")("undo");
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.shiftKey || event.key.toLowerCase() !== "z" || isTyping(event))
        return;
      const actions = document.querySelectorAll<HTMLButtonElement>("[data-sonner-toast] [data-action]");
      const action = [...actions].find(({ textContent }) => textContent === undo);
      if (action === undefined) return;
      event.preventDefault();
      action.click();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [undo]);
}
