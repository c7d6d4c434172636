import { fits, maxPartLength } from "./part-size.ts";
import { type PrecisRule, usernameCaseMapped, writtenAs } from "./precis.ts";

/** `reserved`: a character that RFC 7622 3.3.1 takes out; `too-long`: more than 1023 bytes; else see PrecisRule. */
export type LocalpartRule = PrecisRule | "reserved" | "too-long";

export interface LocalpartFault {
  readonly rule: LocalpartRule;
  /** The character that breaks the rule, as it was written; null: it is none alone. */
  readonly char: string | null;
}

const ASCII_LOCAL = /^[a-z0-9!#$%()*+,\-.;=?[\\\]^_`{|}~]+$/;
const RESERVED = /["&'/:<>@]/;

/** A localpart as it stands in an address, RFC 7622 3.3, or why there is none of this text. */
export function prepareLocalpart(text: string): string | LocalpartFault {
  if (text.length > maxPartLength) return { rule: "too-long", char: null };
  const prepared = ASCII_LOCAL.test(text) ? text : usernameCaseMapped(text);
  if (typeof prepared !== "string") return prepared;
  // Looked for after the mapping, which can produce them from fullwidth forms.
  const reserved = RESERVED.exec(prepared)?.[0];
  if (reserved !== undefined) return { rule: "reserved", char: writtenAs(text, reserved) };
  return fits(prepared) ? prepared : { rule: "too-long", char: null };
}
