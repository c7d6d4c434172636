const maxPartBytes = 1023;

/** Preparation composes at most four UTF-16 units into one; what is longer than this cannot fit and is not looked at. */
export const maxPartLength = 4 * maxPartBytes;

/** Whether a prepared part of an address has no more than 1023 bytes (RFC 7622 3.2 to 3.4). */
export function fits(part: string): boolean {
  return part.length <= maxPartBytes && (part.length * 3 <= maxPartBytes || Buffer.byteLength(part) <= maxPartBytes);
}
