import { randomBytes } from "node:crypto";
import type { MessageKey } from "../storage/ports.ts";
import { escapeAttribute } from "../xmpp/escape.ts";
import { NS } from "../xmpp/namespaces.ts";
import type { Stanza } from "../xmpp/stanza.ts";

export type { MessageKey };

const idDigits = 11;
const FORM = /^[0-9a-z]{21}$/;
const saltBytes = 6;
const saltsAtOnce = 512;

const twoDigits = Array.from({ length: 36 * 36 }, (_, value) => value.toString(36).padStart(2, "0"));
const pastFour = 36 ** 4;
const fourDigits = (value: number): string => twoDigits[(value / 1296) | 0]! + twoDigits[value % 1296]!;

/**
 * The id that clients know a kept message by (XEP-0359): base 36, in the order in which messages came; eleven digits of the
 * id and ten of the salt. Four at a time: `toString` on numbers this large takes five times as long.
 */
export function formatStanzaId({ id, salt }: MessageKey): string {
  const high = Math.floor(id / pastFour);
  const highest = Math.floor(high / pastFour);
  const saltHigh = Math.floor(salt / pastFour);
  const saltHighest = Math.floor(saltHigh / pastFour);
  return (
    fourDigits(highest).slice(1) +
    fourDigits(high - highest * pastFour) +
    fourDigits(id - high * pastFour) +
    twoDigits[saltHighest]! +
    fourDigits(saltHigh - saltHighest * pastFour) +
    fourDigits(salt - saltHigh * pastFour)
  );
}

/** undefined: it is none of ours. */
export function parseStanzaId(text: string): MessageKey | undefined {
  if (!FORM.test(text)) return undefined;
  const id = Number.parseInt(text.slice(0, idDigits), 36);
  const salt = Number.parseInt(text.slice(idDigits), 36);
  return Number.isSafeInteger(id) && salt < 2 ** 48 ? { id, salt } : undefined;
}

/** The message with the id that the account `by` keeps it under, XEP-0359 3. */
export function withStanzaId(stanza: Stanza, by: string, key: MessageKey): Stanza {
  const xml = `<stanza-id xmlns='${NS.stanzaId}' by='${escapeAttribute(by)}' id='${formatStanzaId(key)}'/>`;
  return stanza.appendWritten("stanza-id", NS.stanzaId, xml);
}

/** The id in the name of `by`; undefined: there is none of ours. */
export function stanzaIdOf(stanza: Stanza, by: string): MessageKey | undefined {
  if (!stanza.has("stanza-id", NS.stanzaId)) return undefined;
  for (const child of stanza.element.elements("stanza-id", NS.stanzaId)) {
    if (child.attr("by") === by) return parseStanzaId(child.attr("id") ?? "");
  }
  return undefined;
}

export function withoutStanzaId(stanza: Stanza, by: string): Stanza {
  if (!stanza.has("stanza-id", NS.stanzaId)) return stanza;
  return stanza.without((child) => child.is("stanza-id", NS.stanzaId) && child.attr("by") === by);
}

/**
 * Keys for messages of this process, each greater than the one before whatever the clock does. Always even: odd ones belong
 * to the store.
 */
export class MessageKeys {
  #last = 0;
  #salts = Buffer.alloc(0);
  #position = 0;

  /** What the store has is older than what comes now. */
  startAfter(id: number): void {
    this.#last = Math.max(this.#last, id);
  }

  next(nowMs: number): MessageKey {
    const least = Math.max(this.#last + 1, Math.floor(nowMs * 1000));
    this.#last = least % 2 === 0 ? least : least + 1;
    return { id: this.#last, salt: this.#salt() };
  }

  // One call for random bytes costs as much as the rest of a message.
  #salt(): number {
    if (this.#position === this.#salts.length) {
      this.#salts = randomBytes(saltBytes * saltsAtOnce);
      this.#position = 0;
    }
    this.#position += saltBytes;
    return this.#salts.readUIntBE(this.#position - saltBytes, saltBytes);
  }
}
