import { Jid, JidError } from "../../xmpp/jid.ts";
import { SaslError } from "./mechanism.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of a SASL message. Throws SaslError. */
export function decodeText(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new SaslError("malformed-request", "not UTF-8");
  }
}

/** The account that an authentication identity names on a host (RFC 6120 6.3.8). Throws SaslError. */
export function accountOf(authcid: string, host: string): Jid {
  try {
    const account = Jid.of(authcid, host);
    if (account.local === "") throw new SaslError("malformed-request", "no user name");
    return account;
  } catch (error) {
    // A name that cannot exist is answered like one that does not.
    if (error instanceof JidError) throw new SaslError("not-authorized");
    throw error;
  }
}

/**
 * The one place where an authorization identity counts: a client is whom it has authenticated as, and may at most say so
 * again, and not after it has announced somebody else (`from`, XEP-0388 2.5). Throws SaslError.
 */
export function checkAuthzid(authzid: string, account: Jid, from: Jid | null): void {
  if (authzid === "") return;
  if (from !== null && !from.equals(account)) throw new SaslError("invalid-authzid");
  const claimed = Jid.tryParse(authzid);
  if (claimed === undefined || !claimed.equals(account)) throw new SaslError("invalid-authzid");
}
