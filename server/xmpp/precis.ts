import { hasValidContext } from "./precis-context.ts";
import { obeysBidiRule } from "./precis-bidi.ts";

// RFC 8264 8 and 9, by Unicode property. Order matters there: exceptions, unassigned, ASCII, join controls, old Hangul jamo,
// ignorables, controls, compatibility characters, and only then the general categories.
const ALWAYS_ALLOWED = /^[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]$/u;
const NEVER_ALLOWED = /^(?:[\u0640\u07fa\u3031-\u3035\u303b]|\u302e|\u302f)$/u;
const CONTEXTUAL = /^[\u00b7\u0375\u05f3\u05f4\u30fb\u0660-\u0669\u06f0-\u06f9\u200c\u200d]$/u;
const OLD_HANGUL_JAMO = /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7c6\ud7cb-\ud7fb]$/u;
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
const LETTER_DIGIT = /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;
const FREE_ONLY = /^[\p{Lt}\p{Nl}\p{No}\p{Me}\p{Zs}\p{S}\p{P}]$/u;
const ASCII_VISIBLE = /^[\x21-\x7e]$/;
const CONTROL = /^\p{Cc}$/u;

type Verdict = "identifier" | "freeform" | "context" | "disallowed";

function classify(char: string): Verdict {
  if (ALWAYS_ALLOWED.test(char)) return "identifier";
  if (NEVER_ALLOWED.test(char)) return "disallowed";
  if (CONTEXTUAL.test(char)) return "context";
  if (ASCII_VISIBLE.test(char)) return "identifier";
  if (OLD_HANGUL_JAMO.test(char) || IGNORABLE.test(char) || CONTROL.test(char)) return "disallowed";
  const isAssigned = LETTER_DIGIT.test(char) || FREE_ONLY.test(char);
  if (!isAssigned) return "disallowed";
  if (char.normalize("NFKC") !== char) return "freeform";
  return LETTER_DIGIT.test(char) ? "identifier" : "freeform";
}

function isInClass(text: string, isFreeform: boolean): boolean {
  const chars = Array.from(text);
  return chars.every((char, index) => {
    const verdict = classify(char);
    if (verdict === "context") return hasValidContext(chars, index);
    return verdict === "identifier" || (verdict === "freeform" && isFreeform);
  });
}

// The fullwidth and halfwidth forms are the characters whose compatibility decomposition is tagged <wide> or <narrow>.
const WIDTH_VARIANTS = /[\u3000\uff01-\uffee]/g;

function mapWidth(text: string): string {
  return text.replace(WIDTH_VARIANTS, (char) => char.normalize("NFKC"));
}

/**
 * The UsernameCaseMapped profile, RFC 8265 3.3: width and case mapped, NFC, directionality checked, IdentifierClass.
 * Undefined when the text is not allowed, or nothing is left of it.
 */
export function usernameCaseMapped(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const mapped = mapWidth(text).toLowerCase().normalize("NFC");
  return mapped !== "" && isInClass(mapped, false) && obeysBidiRule(mapped) ? mapped : undefined;
}

/** The OpaqueString profile, RFC 8265 4.2: every space is U+0020, NFC, FreeformClass. Undefined as above. */
export function opaqueString(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const mapped = text.replace(/\p{Zs}/gu, " ").normalize("NFC");
  return mapped !== "" && isInClass(mapped, true) ? mapped : undefined;
}
