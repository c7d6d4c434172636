"use client";

import { useStored } from "./stored.ts";

/** `browser`, `UTC`, or an IANA name. */
export const useTimeZoneSetting = () => useStored<string>("nightpost.zone", "browser");

/** IANA name of the zone that all times are shown in. */
export function useTimeZone(): string {
  const [setting] = useTimeZoneSetting();
  return setting === "browser" ? new Intl.DateTimeFormat().resolvedOptions().timeZone : setting;
}
