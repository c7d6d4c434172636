/** An authority that cannot be asked, or whose answer is worth nothing; the message is one short sentence. */
export class RevocationError extends Error {
  override readonly name = "RevocationError";
}
