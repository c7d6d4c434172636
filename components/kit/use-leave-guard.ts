"use client";

import { useEffect } from "react";
import { useTranslations } from "use-intl";

/** Asks before a page with unsaved changes is left by closing the tab or by a link. */
export function useLeaveGuard(isDirty: boolean): void {
  const text = useTranslations("common")("leave");
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || link.getAttribute("target")) return;
      const to = new URL(link.getAttribute("href") ?? "", location.href);
      if (to.pathname === location.pathname || confirm(text)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
    };
  }, [isDirty, text]);
}
