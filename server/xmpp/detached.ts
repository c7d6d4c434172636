/**
 * The same text in memory of its own. What is cut out of a stanza keeps the whole stanza alive, so whatever outlives it, in a
 * cache or a log, is detached first.
 */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
