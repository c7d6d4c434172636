import { byLocale } from "./by-locale.ts";

const units = ["B", "kB", "MB", "GB", "TB"];
const whole = byLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const tenths = byLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));

/** `1.2 MB`, with the reader's digits and separators. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const format = power === 0 ? whole(locale) : tenths(locale);
  return `${format.format(bytes / 1000 ** power)}\u00a0${units[power]}`;
}
