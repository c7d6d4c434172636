import { bidiOffender } from "./precis-bidi.ts";
import { hasValidContext } from "./precis-context.ts";

// RFC 8264 8 and 9, by Unicode property. Order matters there: exceptions, unassigned, ASCII, join controls, old Hangul jamo,
// ignorables, controls, compatibility characters, and only then the general categories.
const ALWAYS_ALLOWED = /^[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]$/u;
const NEVER_ALLOWED = /^(?:[\u0640\u07fa\u3031-\u3035\u303b]|\u302e|\u302f)$/u;
const CONTEXTUAL = /^[\u00b7\u0375\u05f3\u05f4\u30fb\u0660-\u0669\u06f0-\u06f9\u200c\u200d]$/u;
const OLD_HANGUL_JAMO = /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7c6\ud7cb-\ud7fb]$/u;
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
const LETTER_DIGIT = /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;
const FREE_ONLY = /^[\p{Lt}\p{Nl}\p{No}\p{Me}\p{Zs}\p{S}\p{P}]$/u;
const SPACE = /^\p{Zs}$/u;
const SYMBOL = /^\p{S}$/u;
const PUNCTUATION = /^\p{P}$/u;
const ASCII_VISIBLE = /^[\x21-\x7e]$/;
const CONTROL = /^\p{Cc}$/u;

/** What is wrong with a character: its category (RFC 8264 9); `context`: beside these others; `other`: no plain letter or digit. */
type CharacterRule =
  | "exception"
  | "context"
  | "old-hangul"
  | "ignorable"
  | "control"
  | "unassigned"
  | "space"
  | "compatibility"
  | "symbol"
  | "punctuation"
  | "other";

/** `empty`: nothing is left; `surrogate`: half of a character; `direction`: the Bidi Rule, RFC 5893 2. */
export type PrecisRule = CharacterRule | "empty" | "surrogate" | "direction";

export interface PrecisFault {
  readonly rule: PrecisRule;
  /** The character that breaks the rule, as it was written; null: it is none alone. */
  readonly char: string | null;
}

/** What the FreeformClass allows beside the IdentifierClass. */
const FREEFORM: ReadonlySet<CharacterRule> = new Set(["space", "compatibility", "symbol", "punctuation", "other"]);

function classify(char: string): CharacterRule | "identifier" {
  if (ALWAYS_ALLOWED.test(char)) return "identifier";
  if (NEVER_ALLOWED.test(char)) return "exception";
  if (CONTEXTUAL.test(char)) return "context";
  if (ASCII_VISIBLE.test(char)) return "identifier";
  if (OLD_HANGUL_JAMO.test(char)) return "old-hangul";
  if (IGNORABLE.test(char)) return "ignorable";
  if (CONTROL.test(char)) return "control";
  if (!LETTER_DIGIT.test(char) && !FREE_ONLY.test(char)) return "unassigned";
  // Before the compatibility forms, which most spaces are as well: either is freeform, and this says more.
  if (SPACE.test(char)) return "space";
  if (char.normalize("NFKC") !== char) return "compatibility";
  if (LETTER_DIGIT.test(char)) return "identifier";
  if (SYMBOL.test(char)) return "symbol";
  return PUNCTUATION.test(char) ? "punctuation" : "other";
}

function faultIn(text: string, isFreeform: boolean): { rule: CharacterRule; char: string } | null {
  const chars = Array.from(text);
  for (const [index, char] of chars.entries()) {
    const rule = classify(char);
    if (rule === "identifier" || (isFreeform && FREEFORM.has(rule))) continue;
    if (rule !== "context" || !hasValidContext(chars, index)) return { rule, char };
  }
  return null;
}

// The fullwidth and halfwidth forms are the characters whose compatibility decomposition is tagged <wide> or <narrow>.
const WIDTH_VARIANTS = /[\u3000\uff01-\uffee]/g;

function mapWidth(text: string): string {
  return text.replace(WIDTH_VARIANTS, (char) => char.normalize("NFKC"));
}

function mapUsername(text: string): string {
  return mapWidth(text).toLowerCase().normalize("NFC");
}

/** The character of a user name as it was written that the mapping has made `char` of. */
export function writtenAs(text: string, char: string): string {
  return Array.from(text).find((each) => mapUsername(each).includes(char)) ?? char;
}

/**
 * The UsernameCaseMapped profile, RFC 8265 3.3: width and case mapped, NFC, directionality checked, IdentifierClass; or why
 * the text is not allowed.
 */
export function usernameCaseMapped(text: string): string | PrecisFault {
  if (!text.isWellFormed()) return { rule: "surrogate", char: null };
  const mapped = mapUsername(text);
  if (mapped === "") return { rule: "empty", char: null };
  const fault = faultIn(mapped, false);
  if (fault !== null) return { ...fault, char: writtenAs(text, fault.char) };
  const offender = bidiOffender(mapped);
  return offender === null ? mapped : { rule: "direction", char: writtenAs(text, offender) };
}

/**
 * The OpaqueString profile, RFC 8265 4.2: every space is U+0020, NFC, FreeformClass. Undefined when the text is not allowed,
 * or nothing is left of it.
 */
export function opaqueString(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const mapped = text.replace(/\p{Zs}/gu, " ").normalize("NFC");
  return mapped !== "" && faultIn(mapped, true) === null ? mapped : undefined;
}
