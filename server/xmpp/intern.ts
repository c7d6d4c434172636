const slots = 1024;
const maxLength = 64;
const known: (string | undefined)[] = Array.from({ length: slots });

function isSame(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}

/**
 * The string those bytes spell. Names and namespaces repeat all day, so a direct-mapped table of fixed size saves making them
 * anew, and a string from it does not keep the text of a whole stanza alive.
 */
export function intern(bytes: Buffer, from: number, to: number): string {
  const length = to - from;
  if (length > maxLength) return bytes.toString("utf8", from, to);
  let hash = length;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
  const slot = (hash ^ (hash >>> 15)) & (slots - 1);
  const candidate = known[slot];
  if (candidate !== undefined && candidate.length === length && isSame(candidate, bytes, from)) return candidate;
  const text = bytes.toString("utf8", from, to);
  // Only ASCII has as many UTF-16 units as bytes; `isSame` compares one with the other.
  if (text.length === length) known[slot] = text;
  return text;
}
