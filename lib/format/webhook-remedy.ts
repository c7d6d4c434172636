import type { ForwardAttempt } from "../contracts/forward-event.ts";

/** What the codes of Node call for that end an attempt before there is an answer. Every one that has a sentence is here. */
const byCode = {
  ECONNREFUSED: "listen",
  ECONNRESET: "closes",
  EPIPE: "closes",
  UND_ERR_SOCKET: "closes",
  UND_ERR_CONNECT_TIMEOUT: "reach",
  ETIMEDOUT: "reach",
  EHOSTUNREACH: "reach",
  ENETUNREACH: "reach",
  ENOTFOUND: "name",
  EAI_AGAIN: "resolver",
  DEPTH_ZERO_SELF_SIGNED_CERT: "authority",
  SELF_SIGNED_CERT_IN_CHAIN: "authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "chain",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "chain",
  CERT_HAS_EXPIRED: "renew",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificateName",
  ERR_SSL_WRONG_VERSION_NUMBER: "noTls",
  HPE_INVALID_CONSTANT: "noHttp",
} as const;

const byStatus = {
  400: "payload",
  401: "credentials",
  403: "credentials",
  404: "path",
  405: "path",
  408: "slow",
  410: "gone",
  411: "payload",
  413: "large",
  415: "payload",
  422: "payload",
  425: "wait",
  429: "rate",
} as const;

type Values<T> = T[keyof T];
/** A way to have a web server take what is forwarded: a key of the texts in `remedies`. */
export type WebhookRemedy = Values<typeof byCode> | Values<typeof byStatus> | "redirect" | "serverLog" | "private";

/** What mends an attempt that a web server did not take; null: it did, or wants no more of it, or nothing is known to help. */
export function webhookRemedyOf(attempt: Pick<ForwardAttempt, "outcome" | "status" | "error">): WebhookRemedy | null {
  const { outcome, status, error } = attempt;
  if (outcome === "delivered" || outcome === "aborted") return null;
  if (outcome === "blocked") return "private";
  if (status !== null) {
    if (Object.hasOwn(byStatus, status)) return byStatus[status as keyof typeof byStatus];
    if (status >= 300 && status < 400) return "redirect";
    return status >= 500 ? "serverLog" : null;
  }
  const code = /\((\w+)\)$/.exec(error ?? "")?.[1] ?? "";
  if (Object.hasOwn(byCode, code)) return byCode[code as keyof typeof byCode];
  return outcome === "timeout" ? "slow" : null;
}
