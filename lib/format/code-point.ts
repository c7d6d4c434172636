/** Characters that a reader does not see, or sees only upon another. */
const UNSEEN = /^[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]$/u;

/** `U+00A0`, with the character itself before it where there is something to see: `♥ U+2665`. */
export function codePointText(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return UNSEEN.test(char) ? code : `${char} ${code}`;
}
