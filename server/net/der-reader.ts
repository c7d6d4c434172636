/** One value of a DER encoding (ITU-T X.690). */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  /** With its tag and its length. */
  readonly whole: Buffer;
}

/** Bytes that are no DER. */
export class DerError extends Error {
  override readonly name = "DerError";
}

/** The values in these bytes, one after the other. Throws DerError. */
export function derValues(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const value = valueAt(bytes, at);
    values.push(value);
    at += value.whole.length;
  }
  return values;
}

function valueAt(bytes: Buffer, at: number): DerValue {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw new DerError("it ends in the middle of a value");
  // X.690 8.1.3: a length of its own, or so many bytes with it.
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 4 || at + 2 + more > bytes.length) throw new DerError("a length makes no sense");
  const length = more === 0 ? first & 0x7f : bytes.readUIntBE(at + 2, more);
  const begin = at + 2 + more;
  if (begin + length > bytes.length) throw new DerError("it ends in the middle of a value");
  return { tag, content: bytes.subarray(begin, begin + length), whole: bytes.subarray(at, begin + length) };
}

/** The value that a path of positions leads to, each within the one before. Throws DerError. */
export function derAt(bytes: Buffer, ...path: readonly number[]): DerValue {
  let value: DerValue = { tag: 0, content: bytes, whole: bytes };
  for (const position of path) {
    const next = derValues(value.content)[position];
    if (next === undefined) throw new DerError("a value is missing");
    value = next;
  }
  return value;
}
