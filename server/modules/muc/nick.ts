import { StanzaError } from "../../xmpp/errors.ts";

/**
 * What two nicknames have in common that people would take for the same: neither case, width nor white space makes a
 * difference. What nobody sees is in no nickname (RFC 7622 3.4).
 */
export function nickKey(nick: string): string {
  return nick.normalize("NFKC").replaceAll(/\s+/gu, " ").trim().toLowerCase();
}

/** Throws StanzaError for a nickname that nobody could read, or that is too long. */
export function checkNick(nick: string, maxBytes: number): void {
  if (Buffer.byteLength(nick) > maxBytes) throw StanzaError.of("not-acceptable", `no more than ${maxBytes} bytes`);
  if (nickKey(nick) === "" || nick.trim() !== nick) throw StanzaError.of("not-acceptable", "not a nickname to be read");
}
