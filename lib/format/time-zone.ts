"use client";

import { useStored } from "./stored.ts";

/** `browser`, `UTC`, or an IANA name. */
export const useTimeZoneSetting = () => useStored<string>("nightpost.zone", "browser");

let known: string | undefined;

/** IANA name of the browser's zone. It takes a formatter to know, which is dear to make. */
export const browserZone = (): string => (known ??= new Intl.DateTimeFormat().resolvedOptions().timeZone);

/** IANA name of the zone that all times are shown in. */
export function useTimeZone(): string {
  const [setting] = useTimeZoneSetting();
  return setting === "browser" ? browserZone() : setting;
}
