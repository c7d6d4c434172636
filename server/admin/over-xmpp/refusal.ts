import { StanzaError, type StanzaCondition } from "../../xmpp/errors.ts";
import { AdminError, type AdminErrorCode } from "../errors.ts";

/** What the errors of verbs are to whoever asked by a stanza (XEP-0133 6, RFC 6120 8.3.3). */
const conditions: Partial<Record<AdminErrorCode, StanzaCondition>> = {
  "bad-input": "not-acceptable",
  forbidden: "forbidden",
  unauthenticated: "forbidden",
  "not-found": "item-not-found",
  exists: "conflict",
  conflict: "conflict",
  "last-admin": "not-allowed",
  "locks-out-admin": "not-allowed",
  "policy-invalid": "not-acceptable",
  "too-large": "not-acceptable",
  throttled: "resource-constraint",
  unavailable: "resource-constraint",
};

export function refusalOf(error: unknown): StanzaError {
  if (error instanceof StanzaError) return error;
  if (!(error instanceof AdminError)) return StanzaError.of("internal-server-error");
  return StanzaError.of(conditions[error.code] ?? "internal-server-error", error.message);
}
