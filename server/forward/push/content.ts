import type { DeviceTarget } from "../../../lib/contracts/forward-target.ts";
import type { PushMessage } from "./message.ts";

/** A target's settings about what a phone is told (`lib/contracts/forward-target.ts`). */
export type Notification = Pick<Extract<DeviceTarget, { previewLength: number }>, "content" | "previewLength" | "text">;

/** What a notification says. */
export interface Told {
  /** Who or which room; null: that is not told. */
  readonly title: string | null;
  readonly body: string;
  /** The body is the target's own text or a fixed one, and gives nothing away of what was written. */
  readonly isGeneric: boolean;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** What people see as one character has this many UTF-16 units at most, unless somebody means harm. */
const maxGraphemeUnits = 32;
/** More than any push service takes. */
const maxPushUnits = 8192;

/** What is told of a message whose words are not: there is more than messages. */
const fixed: Readonly<Partial<Record<PushMessage["class"], string>>> = {
  call: "Incoming call",
  subscription: "Contact request",
};

/** Who and what, as far as the target tells it. What is encrypted, or has no words, is told by the target's own text. */
export function tell(message: PushMessage, { content, previewLength, text }: Notification): Told {
  if (content === "none") return { title: null, body: text, isGeneric: true };
  const { sender: title, room } = message;
  const generic = fixed[message.class] ?? text;
  const words = message.text;
  if (content === "sender" || words === null) return { title, body: saidBy(room, generic), isGeneric: true };
  const said = content === "full" ? words : clip(onOneLine(words, previewLength), previewLength);
  return { title, body: saidBy(room, said), isGeneric: false };
}

function onOneLine(words: string, length: number): string {
  const looked = words.slice(0, (length + 1) * 2 * maxGraphemeUnits);
  return looked.replaceAll(/\s+/gu, " ").trim();
}

function saidBy(room: PushMessage["room"], words: string): string {
  return room === null || room.nick === "" ? words : `${room.nick}: ${words}`;
}

/** The first `length` characters as people count them, with an ellipsis in place of what is left out. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const looked = text.slice(0, (length + 1) * maxGraphemeUnits);
  let count = 0;
  let end = 0;
  for (const { index } of graphemes.segment(looked)) {
    // Where the last one ends is not known when it was cut.
    if (count <= length) end = index;
    count += 1;
    if (count > length) return ended(text, end);
  }
  return looked.length === text.length ? text : ended(text, end);
}

/**
 * The longest beginning of a text, cut between characters as people see them and ended by an ellipsis, for which `fits`
 * holds; null when even the ellipsis is too long. `fits` is asked a logarithmic number of times.
 */
export function clipTo(text: string, fits: (text: string) => boolean): string | null {
  if (fits(text)) return text;
  const looked = text.slice(0, maxPushUnits);
  let low = -1;
  let high = looked.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(ended(text, middle))) low = middle;
    else high = middle;
  }
  // From there back to where a character begins: to look for all beginnings would take a hundred times as long.
  return low < 0 ? null : ended(text, graphemes.segment(looked).containing(low)?.index ?? low);
}

function ended(text: string, end: number): string {
  return `${text.slice(0, end).trimEnd()}…`;
}
