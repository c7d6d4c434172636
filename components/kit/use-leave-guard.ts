"use client";

import { useEffect } from "react";

/**
 * Asks before a tab with unsaved changes is closed: they end with it. Another page of the console may be looked at meanwhile,
 * because drafts are kept (`useKept`) and the sidebar marks where they are.
 */
export function useLeaveGuard(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", onUnload);
    return () => removeEventListener("beforeunload", onUnload);
  }, [isDirty]);
}
