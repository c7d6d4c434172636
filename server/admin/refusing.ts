import { StanzaError } from "../xmpp/errors.ts";
import { AdminError, type AdminErrorCode } from "./errors.ts";

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
    throw new AdminError(codes[error.condition] ?? "conflict", error.text ?? error.condition);
  }
}
