const units = ["B", "kB", "MB", "GB", "TB"];

/** `1.2 MB`, with the reader's digits and separators. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = new Intl.NumberFormat(locale, { maximumFractionDigits: power === 0 ? 0 : 1 }).format(
    bytes / 1000 ** power,
  );
  return `${value}\u00a0${units[power]}`;
}
