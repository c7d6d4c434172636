import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a key is made for (XEP-0185 3). */
export interface KeySubject {
  readonly receiving: string;
  readonly originating: string;
  /** Of the stream from the originating to the receiving server. */
  readonly streamId: string;
}

/** The key of a stream, in hexadecimal. */
export function dialbackKey(secret: string, { receiving, originating, streamId }: KeySubject): string {
  const hashed = createHash("sha256").update(secret).digest("hex");
  return createHmac("sha256", hashed).update(`${receiving} ${originating} ${streamId}`).digest("hex");
}

/** Takes as long for any text. */
export function isDialbackKey(secret: string, subject: KeySubject, text: string): boolean {
  const expected = Buffer.from(dialbackKey(secret, subject));
  const given = Buffer.from(text);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
