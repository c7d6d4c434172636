/**
 * Text from strangers, made safe to look at: C0 controls become their pictures (␀), DEL ␡, C1 controls and the characters
 * that steer text direction become [U+202E]. Line ends and tabs stay when `keepLines` is set.
 */
export function visible(text: string, keepLines = false): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) => {
    const code = char.charCodeAt(0);
    if (keepLines && (char === "\n" || char === "\t" || char === "\r")) return char === "\r" ? "" : char;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}
