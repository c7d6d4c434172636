import type { MessageKey } from "../../storage/ports.ts";
import { parseDateTime } from "../../xmpp/datetime.ts";
import type { Element } from "../../xmpp/element.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

/** A message as occupants got it, without `to`. */
export interface Said {
  readonly key: MessageKey;
  readonly at: number;
  readonly stanza: Stanza;
}

/** Text that is kept of what was said, UTF-16 units: whoever enters can take it at once. The last message is kept in any case. */
export const maxHistoryLength = 384 * 1024;

/** The latest messages of a room, so that whoever enters gets them in the same turn. */
export class History {
  readonly #max: number;
  #messages: Said[] = [];
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(message: Said): void {
    this.#messages.push(message);
    this.#length += lengthOf(message);
    // Shortened now and then, not at every message.
    if (this.#messages.length >= 2 * this.#max + 8) this.#keep(this.latest(this.#max));
    if (this.#length <= maxHistoryLength) return;
    let left = this.#length;
    let first = 0;
    while (left > maxHistoryLength && first < this.#messages.length - 1) left -= lengthOf(this.#messages[first++]!);
    this.#keep(this.#messages.slice(first));
  }

  latest(count: number): Said[] {
    return count === 0 ? [] : this.#messages.slice(-Math.min(count, this.#max));
  }

  find({ id, salt }: MessageKey): Said | undefined {
    return this.#messages.find((one) => one.key.id === id && one.key.salt === salt);
  }

  /** Another text in the place of a message. */
  replace({ id, salt }: MessageKey, change: (said: Said) => Said): void {
    this.#keep(this.#messages.map((one) => (one.key.id === id && one.key.salt === salt ? change(one) : one)));
  }

  #keep(messages: Said[]): void {
    this.#messages = messages;
    this.#length = 0;
    for (const message of messages) this.#length += lengthOf(message);
  }
}

function lengthOf({ stanza }: Said): number {
  return stanza.toString().length;
}

/** What somebody who enters wants of what was said, XEP-0045 7.2.14: the most that none of their limits excludes. */
export function wanted(history: History, wish: Element | undefined, most: number, now: number): readonly Said[] {
  const maxStanzas = count(wish?.attr("maxstanzas"));
  const maxChars = count(wish?.attr("maxchars")) ?? Infinity;
  const seconds = count(wish?.attr("seconds"));
  const since = parseDateTime(wish?.attr("since") ?? "") ?? -Infinity;
  const from = Math.max(since, seconds === undefined ? -Infinity : now - seconds * 1000);
  const messages = history.latest(Math.min(maxStanzas ?? most, most)).filter(({ at }) => at >= from);
  let chars = 0;
  let first = messages.length;
  while (first > 0) {
    chars += lengthOf(messages[first - 1]!);
    if (chars > maxChars) break;
    first -= 1;
  }
  return messages.slice(first);
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
