import { StanzaError } from "../xmpp/errors.ts";
import { AdminError, type AdminErrorCode, refused } from "./errors.ts";

const codes: Partial<Record<StanzaError["condition"], AdminErrorCode>> = {
  "item-not-found": "not-found",
  "jid-malformed": "bad-input",
  "bad-request": "bad-input",
  "not-acceptable": "bad-input",
};

/** Does what the protocol may not allow; says so in the API's words. */
export async function refusing<T>(deed: () => Promise<T>): Promise<T> {
  try {
    return await deed();
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    const code = codes[error.condition] ?? "conflict";
    if (error.text === undefined) throw new AdminError(code, error.condition);
    throw refused(code, "protocol-denies", { reason: error.text });
  }
}
