"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { isTyping } from "@/components/kit/use-keys.ts";
import { navigationItems } from "./navigation.ts";

interface Actions {
  onPalette: () => void;
  onKeys: () => void;
  onCollapse: () => void;
}

/** Also of a page that is younger than the time a `g` holds. */
const never = Number.NEGATIVE_INFINITY;

/** Keys that work on every page: the palette, the sheet, `/`, `[`, and `g` followed by a page's letter. */
export function useShellKeys({ onPalette, onKeys, onCollapse }: Actions): void {
  const router = useRouter();
  const goAt = useRef(never);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      const page =
        event.timeStamp - goAt.current < 1200 ? navigationItems.find((item) => item.key === event.key) : undefined;
      goAt.current = event.key === "g" ? event.timeStamp : never;
      if (page) {
        event.preventDefault();
        event.stopImmediatePropagation();
        router.push(page.href);
      } else if (event.key === "?") onKeys();
      else if (event.key === "[") onCollapse();
      else if (event.key === "/") {
        const field = document.querySelector<HTMLInputElement>("main [type=search]");
        if (!field) return;
        event.preventDefault();
        field.focus();
        field.select();
      }
    };
    // Before the page's own keys, so that `g r` is not taken for `r`.
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, [router, onPalette, onKeys, onCollapse]);
}
