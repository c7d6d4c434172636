const modulus = 2 ** 32;

/** How a number of stanzas reads on the wire: modulo 2^32 (XEP-0198 4). */
export function onWire(count: number): number {
  return count % modulus;
}

/** `h` as the peer wrote it; undefined: it is no unsigned 32-bit integer. */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const count = Number(text);
  return count < modulus ? count : undefined;
}

/**
 * How many stanzas `h` confirms that were not confirmed before, where `confirmed` were, counted from the beginning, and
 * `open` more were sent. undefined: more than there are.
 */
export function newlyConfirmed(h: number, confirmed: number, open: number): number | undefined {
  const more = (h - onWire(confirmed) + modulus) % modulus;
  return more <= open ? more : undefined;
}
