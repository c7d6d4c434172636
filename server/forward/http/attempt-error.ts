import type { AttemptRecord } from "../../storage/ports.ts";
import { DeadlineError } from "./exchange.ts";
import { BlockedError } from "./guard.ts";

const maxLength = 300;

/** Sentences for what operators meet most; everything else is told by its code and message. */
const sentences: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection refused: nothing listens there"],
  ["ECONNRESET", "the connection was reset before an answer came"],
  ["EPIPE", "the connection was closed before an answer came"],
  ["UND_ERR_SOCKET", "the connection was closed before an answer came"],
  ["UND_ERR_CONNECT_TIMEOUT", "no connection within 3 seconds"],
  ["ETIMEDOUT", "no connection: the network timed out"],
  ["EHOSTUNREACH", "no route to the host"],
  ["ENETUNREACH", "no route to the network"],
  ["ENOTFOUND", "the host name does not exist"],
  ["EAI_AGAIN", "the name server does not answer"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate is self-signed"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "the certificate chain ends in an unknown authority"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "the certificate's issuer is unknown"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "the certificate's issuer is unknown"],
  ["CERT_HAS_EXPIRED", "the certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate is for another name"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the port does not speak TLS"],
  ["HPE_INVALID_CONSTANT", "the answer is not HTTP"],
]);

const timeouts: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** Outcome and text of an attempt that got no status. `text` is one line of at most 300 characters. */
export function describeFailure(error: Error | null): { outcome: AttemptRecord["outcome"]; text: string } {
  if (error === null) return { outcome: "failed", text: "no answer" };
  if (error instanceof BlockedError) return { outcome: "blocked", text: error.message.slice(0, maxLength) };
  if (error instanceof DeadlineError) return { outcome: "timeout", text: error.message };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const sentence = sentences.get(code) ?? (error.message.replaceAll(/\s+/g, " ") || error.name);
  const text = (code === "" ? sentence : `${sentence} (${code})`).slice(0, maxLength);
  if (code === "ECONNREFUSED") return { outcome: "refused", text };
  return { outcome: timeouts.has(code) ? "timeout" : "failed", text };
}
