// RFC 5892 appendix A, the rules for characters that are allowed only beside certain others.

// Canonical_Combining_Class=Virama, which regular expressions cannot ask for (Unicode 16).
const VIRAMA =
  /^[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1715\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed\u{10a3f}\u{11046}\u{11070}\u{1107f}\u{110b9}\u{11133}\u{11134}\u{111c0}\u{11235}\u{112ea}\u{1134d}\u{113ce}-\u{113d0}\u{11442}\u{114c2}\u{115bf}\u{1163f}\u{116b6}\u{1172b}\u{11839}\u{1193d}\u{1193e}\u{119e0}\u{11a34}\u{11a47}\u{11a99}\u{11c3f}\u{11d44}\u{11d45}\u{11d97}\u{11f41}\u{11f42}\u{1612f}]$/u;

// Joining types matter for ZERO WIDTH NON-JOINER between Arabic letters, as Persian is written; letters of other joining
// scripts are not known here, and the character is refused between them.
const ARABIC_LETTER = /^[\p{Script=Arabic}&&\p{L}]$/v;
const NON_JOINING = /^[\u0621\u0674\u06d5]$/u;
const JOINS_BEFORE_ONLY =
  /^[\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06ee\u06ef\u0759-\u075b\u076b\u076c\u0771\u0773\u0774\u0778\u0779\u08aa-\u08ac\u08ae\u08b1\u08b2\u08b9]$/u;
const TRANSPARENT = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

function isDualJoining(char: string): boolean {
  return ARABIC_LETTER.test(char) && !NON_JOINING.test(char) && !JOINS_BEFORE_ONLY.test(char);
}

function isRightOrDualJoining(char: string): boolean {
  return ARABIC_LETTER.test(char) && !NON_JOINING.test(char);
}

function neighbour(chars: readonly string[], index: number, step: 1 | -1): string {
  let at = index + step;
  while (TRANSPARENT.test(chars[at] ?? "") && chars[at] !== "\u200c") at += step;
  return chars[at] ?? "";
}

/** Whether the contextual character at `index` stands where appendix A allows it. */
export function hasValidContext(chars: readonly string[], index: number): boolean {
  const char = chars[index] ?? "";
  const before = chars[index - 1] ?? "";
  const after = chars[index + 1] ?? "";
  switch (char) {
    case "\u200c":
      if (VIRAMA.test(before)) return true;
      return isDualJoining(neighbour(chars, index, -1)) && isRightOrDualJoining(neighbour(chars, index, 1));
    case "\u200d":
      return VIRAMA.test(before);
    case "\u00b7":
      return before === "l" && after === "l";
    case "\u0375":
      return /^\p{Script=Greek}$/u.test(after);
    case "\u05f3":
    case "\u05f4":
      return /^\p{Script=Hebrew}$/u.test(before);
    case "\u30fb":
      return chars.some((other) => /^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]$/u.test(other));
  }
  // What is left are the two sets of Arabic digits, which do not mix.
  const others = char <= "\u0669" ? /^[\u06f0-\u06f9]$/ : /^[\u0660-\u0669]$/;
  return !chars.some((other) => others.test(other));
}
