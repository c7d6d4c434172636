import { byLocale } from "./by-locale.ts";

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, zone: string, kind: "clock" | "full"): Intl.DateTimeFormat {
  const key = `${kind} ${locale} ${zone}`;
  let format = cache.get(key);
  if (!format) {
    const clock = {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
      hourCycle: "h23",
    } as const;
    const date = { year: "numeric", month: "short", day: "numeric" } as const;
    const { fractionalSecondDigits: _, ...seconds } = clock;
    format = new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      ...(kind === "clock" ? clock : { ...date, ...seconds }),
    });
    cache.set(key, format);
  }
  return format;
}

/** `14:02:11.042`: for logs, where rows are compared. */
export const formatClock = (ms: number, locale: string, zone: string): string =>
  formatter(locale, zone, "clock").format(ms);

export const formatFull = (ms: number, locale: string, zone: string): string =>
  formatter(locale, zone, "full").format(ms);

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

const relative = byLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }));

/** `3 minutes ago`, `in 2 hours`, in the reader's language. */
export function formatRelative(ms: number, nowMs: number, locale: string): string {
  const difference = ms - nowMs;
  const [unit, size] = units.find(([, each]) => Math.abs(difference) >= each) ?? ["second", 1000];
  // What is past has lasted whole units; what is ahead is nearest to: a key made for 90 days ends in 3 months, not in 2.
  const value = difference < 0 ? Math.ceil(difference / size) : Math.round(difference / size);
  // "now" flickers between "in 1 second" and "1 second ago" when clocks differ a little.
  return relative(locale).format(unit === "second" && Math.abs(value) < 5 ? 0 : value, unit);
}

const inUnit = (unit: "day" | "hour" | "minute" | "second") =>
  byLocale((locale) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }));
const [inDays, inHours, inMinutes, inSeconds] = [inUnit("day"), inUnit("hour"), inUnit("minute"), inUnit("second")];

/** A length of time in its two largest units: `3 d 4 h`, in the reader's language. */
export function formatDuration(ms: number, locale: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: [number, ReturnType<typeof inUnit>][] = [
    [Math.floor(seconds / 86_400), inDays],
    [Math.floor(seconds / 3600) % 24, inHours],
    [Math.floor(seconds / 60) % 60, inMinutes],
    [seconds % 60, inSeconds],
  ];
  const first = Math.min(
    parts.findIndex(([value]) => value > 0) === -1 ? 3 : parts.findIndex(([value]) => value > 0),
    3,
  );
  return parts
    .slice(first, first + 2)
    .filter(([value], index) => value > 0 || index === 0)
    .map(([value, format]) => format(locale).format(value))
    .join(" ");
}
