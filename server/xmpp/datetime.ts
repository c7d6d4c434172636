const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;
const LEGACY = /^(\d{4})(\d\d)(\d\d)T(\d\d):(\d\d):(\d\d)$/;
const dayMs = 24 * 60 * 60 * 1000;

/** What was formatted last, without its fraction: most come many to a second, and a `Date` costs ten times as much. */
let lastSecond = 0;
let lastText = "1970-01-01T00:00:00";

/** Milliseconds since 1970 as a XEP-0082 3.2 DateTime in UTC; the fraction is left out when it is zero. Throws RangeError. */
export function formatDateTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -5);
    lastSecond = second;
  }
  const ms = Math.floor(epochMs - second * 1000);
  return ms === 0 ? `${lastText}Z` : `${lastText}.${String(ms).padStart(3, "0")}Z`;
}

/** The form of XEP-0091, `20021005T03:37:13`, which old clients read beside a delay. */
export function formatLegacyDateTime(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replaceAll("-", "");
}

function offsetMs(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function epochOf(fields: readonly number[], ms: number): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || !Number.isFinite(midnight)) return undefined;
  // A leap second counts as the first moment of the next minute.
  const withinDay = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  return withinDay > dayMs + 999 ? undefined : midnight + withinDay;
}

/** Milliseconds since 1970 of a XEP-0082 DateTime, or of its XEP-0091 forerunner; undefined when it is neither. */
export function parseDateTime(text: string): number | undefined {
  const legacy = LEGACY.exec(text);
  if (legacy !== null) return epochOf(legacy.slice(1, 7).map(Number), 0);
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const shift = offsetMs(match[8] ?? "Z");
  const ms = Math.trunc(Number(`0.${match[7] ?? "0"}`) * 1000);
  const local = epochOf(match.slice(1, 7).map(Number), ms);
  return local === undefined || shift === undefined ? undefined : local - shift;
}
