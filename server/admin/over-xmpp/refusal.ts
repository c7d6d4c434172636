import type { CommandAnswer } from "../../core/command.ts";
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

/**
 * What somebody who may run a command reads of its failure: a note, which clients show (XEP-0050 4.3), while many throw away
 * the text of an error. Throws what says that they may not, or that the server is at fault.
 */
export function failureOf(error: unknown): CommandAnswer {
  const refusal = refusalOf(error);
  const { condition, text } = refusal;
  if (condition === "forbidden" || condition === "internal-server-error") throw refusal;
  return { kind: "completed", note: { type: "error", text: text ?? condition } };
}

function refusalOf(error: unknown): StanzaError {
  if (error instanceof StanzaError) return error;
  if (!(error instanceof AdminError)) return StanzaError.of("internal-server-error");
  return StanzaError.of(conditions[error.code] ?? "internal-server-error", error.message);
}
