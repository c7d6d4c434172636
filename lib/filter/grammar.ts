/** What a list can be filtered by besides words. */
export interface TermShape {
  readonly name: string;
  /** `time`: an instant or an age, with < or > before it; `days`: so many, or a date so long ago; `count`: a number. */
  readonly kind: "choice" | "text" | "time" | "days" | "count";
  /** Of a `choice`. */
  readonly values?: readonly string[];
  /** It can be turned round: `-state:dead`, `not state:dead`. */
  readonly isTurnable?: boolean;
}

/** What follows the colon of a term, as it was understood. */
export type TermValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "time"; readonly since: string | null; readonly until: string | null };

export type FilterProblem =
  | { readonly kind: "no-term"; readonly name: string }
  | { readonly kind: "bad-value"; readonly name: string; readonly value: string }
  | { readonly kind: "twice"; readonly name: string }
  | { readonly kind: "no-not"; readonly name: string };

interface ReadFilter {
  readonly terms: ReadonlyMap<string, TermValue>;
  /** Terms that are turned round: what they match is not wanted. */
  readonly turned: ReadonlySet<string>;
  /** What is searched for: everything that is no term. */
  readonly words: string;
  readonly problems: readonly FilterProblem[];
  /** What was not understood, as it was typed. */
  readonly rest: string;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const minuteMs = 60_000;
const units: ReadonlyMap<string, number> = new Map([
  ["m", minuteMs],
  ["h", 60 * minuteMs],
  ["d", 1_440 * minuteMs],
  ["w", 10_080 * minuteMs],
]);

/** The words of a filter. Quotes keep blanks and colons together, and may follow a colon: `reason:"timed out"`. */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(/(?:"[^"]*"?|[^\s"])+/g), (match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * Reads a filter: `state:dead -user:ada@a.example time:>2026-01-01 words`. A word with a colon is a term when what stands before
 * it could be the name of one; in quotes it is a word like any other. A hyphen or the word `not` before a term turns it round.
 * `now`: what ages are counted back from, in ms.
 */
export function readFilter(text: string, shapes: readonly TermShape[], now: number): ReadFilter {
  const terms = new Map<string, TermValue>();
  const turned = new Set<string>();
  const words: string[] = [];
  const problems: FilterProblem[] = [];
  const rest: string[] = [];
  const all = wordsOf(text);
  for (const [index, { text: word }] of all.entries()) {
    const before = all[index - 1]?.text ?? "";
    const [, hyphen, name, typed = ""] = /^(-?)([a-z]+):(?!\/\/)(.*)$/is.exec(word) ?? [];
    if (name === undefined) {
      words.push(word);
      continue;
    }
    const hasNot = before.toLowerCase() === "not";
    if (hasNot) words.pop();
    const isTurned = hasNot || hyphen !== "";
    const shape = shapes.find((each) => each.name === name.toLowerCase());
    const value = shape === undefined ? null : valueOf(shape, unquoted(typed), now);
    if (shape === undefined) problems.push({ kind: "no-term", name });
    else if (value === null) problems.push({ kind: "bad-value", name: shape.name, value: unquoted(typed) });
    else if (terms.has(shape.name)) problems.push({ kind: "twice", name: shape.name });
    else if (isTurned && shape.isTurnable !== true) problems.push({ kind: "no-not", name: shape.name });
    else {
      terms.set(shape.name, value);
      if (isTurned) turned.add(shape.name);
      continue;
    }
    rest.push(hasNot && hyphen === "" ? `-${word}` : word);
  }
  return { terms, turned, words: words.map(unquoted).join(" "), problems, rest: rest.join(" ") };
}

const unquoted = (text: string): string => text.replaceAll('"', "");

/** A term as somebody would type it. */
export function writeTerm(name: string, value: string): string {
  return /[\s":]/.test(value) ? `${name}:"${value.replaceAll('"', "")}"` : `${name}:${value}`;
}

function valueOf({ kind, values = [] }: TermShape, text: string, now: number): TermValue | null {
  if (text === "") return null;
  switch (kind) {
    case "choice": {
      const value = values.find((each) => each.toLowerCase() === text.toLowerCase());
      return value === undefined ? null : { kind: "text", text: value };
    }
    case "count": {
      const [, count] = /^>?(\d{1,9})$/.exec(text) ?? [];
      return count === undefined ? null : { kind: "text", text: String(Number(count)) };
    }
    case "days": {
      const days = daysOf(text, now);
      return days === null ? null : { kind: "text", text: String(days) };
    }
    case "time":
      return timeOf(text, now);
    default:
      return { kind: "text", text };
  }
}

/** `30`, `30d`, `<30d`, or a date: the days since then. Which side is meant is the term's business. */
function daysOf(text: string, now: number): number | null {
  const [, count] = /^[<>]?(\d{1,5})d?$/i.exec(text) ?? [];
  if (count !== undefined) return Number(count) === 0 ? null : Number(count);
  const [, date] = /^[<>]?(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  const days = Math.ceil((now - new Date(`${date}T00:00:00`).getTime()) / units.get("d")!);
  return date === undefined || !(days > 0) ? null : days;
}

/** `<2h`: less than two hours ago; `>30d`: longer ago; `>2026-01-01`, `<2026-01-01`: after, before; a date alone: that day. */
function timeOf(text: string, now: number): TermValue | null {
  const [, older, count, unit] = /^([<>])(\d{1,5})([mhdw])$/i.exec(text) ?? [];
  if (count !== undefined) {
    // To the minute: the address of a list stays the same while one reads in it.
    const at = Math.floor((now - Number(count) * units.get(unit!.toLowerCase())!) / minuteMs) * minuteMs;
    const iso = new Date(at).toISOString();
    return older === "<" ? { kind: "time", since: iso, until: null } : { kind: "time", since: null, until: iso };
  }
  const [, side = "", written = ""] =
    /^([<>]?)(\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?)$/i.exec(text) ?? [];
  const isDay = !/t/i.test(written);
  // A day is one of the reader's own zone, which a date without a time is not by itself.
  const begin = new Date(isDay ? `${written}T00:00:00` : written);
  if (Number.isNaN(begin.getTime())) return null;
  const next = new Date(begin);
  if (isDay) next.setDate(next.getDate() + 1);
  if (side === ">") return { kind: "time", since: begin.toISOString(), until: null };
  if (side === "<") return { kind: "time", since: null, until: begin.toISOString() };
  return isDay ? { kind: "time", since: begin.toISOString(), until: next.toISOString() } : null;
}
