// RFC 5893 2, the Bidi Rule. Regular expressions cannot ask for Bidi_Class; among the characters that PRECIS identifiers may
// hold, script and general category decide it.
const RIGHT_TO_LEFT =
  /^[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Mende_Kikakui}\u0621-\u063f\u0641-\u064a\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]$/u;
const ARABIC_NUMBER = /^[\u0660-\u0669\u066b\u066c\u06dd\u0890\u0891\u08e2\u{10d30}-\u{10d39}\u{10e60}-\u{10e7e}]$/u;
const EUROPEAN_NUMBER = /^[0-9\u06f0-\u06f9\u00b2\u00b3\u00b9\u2070-\u2089]$/;
const NONSPACING = /^[\p{Mn}\p{Me}]$/u;
const NEUTRAL = /^[\p{P}\p{S}\p{Zs}\u200c\u200d]$/u;

type Direction = "L" | "R" | "AN" | "EN" | "NSM" | "ON";

function directionOf(char: string): Direction {
  if (ARABIC_NUMBER.test(char)) return "AN";
  if (EUROPEAN_NUMBER.test(char)) return "EN";
  if (NONSPACING.test(char)) return "NSM";
  if (RIGHT_TO_LEFT.test(char)) return "R";
  return NEUTRAL.test(char) ? "ON" : "L";
}

/**
 * The first character by which text with right-to-left characters breaks the rule, or null; text without any never does (RFC
 * 8265 3.1).
 */
export function bidiOffender(text: string): string | null {
  const chars = Array.from(text);
  const directions = chars.map(directionOf);
  if (!directions.includes("R") && !directions.includes("AN")) return null;
  // Condition 1 with 5: a left-to-right start would have to be free of right-to-left characters, and is not.
  const offender = directions[0] === "R" ? directions.indexOf("L") : 0;
  if (offender >= 0) return chars[offender] ?? null;
  const last = directions.findLastIndex((direction) => direction !== "NSM");
  if (directions[last] === "ON") return chars[last] ?? null;
  return directions.includes("AN") ? (chars[directions.indexOf("EN")] ?? null) : null;
}
