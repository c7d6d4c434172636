import { errors } from "undici";
import { attemptError, networkErrors } from "../../../lib/contracts/attempt-errors.ts";
import type { AttemptRecord } from "../../storage/ports.ts";
import { DeadlineError } from "./exchange.ts";
import { BlockedError } from "./guard.ts";

const maxLength = 300;

/** Everything else is told by its code and message. */
const sentences: ReadonlyMap<string, string> = new Map(Object.entries(networkErrors));

const timeouts: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** Outcome and text of an attempt that got no status. `text` is one line of at most 300 characters. */
export function describeFailure(error: Error | null): { outcome: AttemptRecord["outcome"]; text: string } {
  if (error === null) return { outcome: "failed", text: attemptError("no-answer") };
  if (error instanceof BlockedError) return { outcome: "blocked", text: error.message.slice(0, maxLength) };
  if (error instanceof DeadlineError) return { outcome: "timeout", text: error.message };
  const code = codeOf(error);
  const sentence = sentences.get(code) ?? (error.message.replaceAll(/\s+/g, " ") || error.name);
  const text = (code === "" ? sentence : `${sentence} (${code})`).slice(0, maxLength);
  if (code === "ECONNREFUSED") return { outcome: "refused", text };
  return { outcome: timeouts.has(code) ? "timeout" : "failed", text };
}

// The parser is llhttp, whose codes undici leaves out now and then.
function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof errors.HTTPParserError ? "HPE_INVALID_CONSTANT" : "";
}
