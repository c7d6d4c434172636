"use client";

import { useLocale } from "use-intl";
import { useNow } from "./now.ts";
import { useTimeZone } from "./time-zone.ts";
import { formatClock, formatFull, formatRelative } from "./time.ts";

/** The reader's way to write times: their language, and the time zone chosen in the settings. */
export function useTimes() {
  const locale = useLocale();
  const zone = useTimeZone();
  const now = useNow();
  return {
    zoneName: zone,
    relative: (at: string) => formatRelative(Date.parse(at), now, locale),
    clock: (at: string) => formatClock(Date.parse(at), locale, zone),
    full: (at: string) => formatFull(Date.parse(at), locale, zone),
  };
}
