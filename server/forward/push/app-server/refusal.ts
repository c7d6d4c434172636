import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { AttemptRecord, DeviceNews, DeviceRow } from "../../../storage/ports.ts";
import type { PublishAnswer } from "../../transport.ts";

/** Refused so often in a row, or for so long, a node is taken to be gone; the client enables it again when it next logs in. */
const maxRefusals = 3;
const maxRefusedMs = 3_600_000;
/** After that it is tried once more: some app servers forget, and find their nodes again. */
const retryAfterMs = 86_400_000;
/** Unavailable so often in a row: with the retries in between, for days. */
const maxUnavailable = 16;

/** The app server, or the way to it, has a bad moment. */
const transient: ReadonlySet<string> = new Set([
  "internal-server-error",
  "recipient-unavailable",
  "remote-server-not-found",
  "remote-server-timeout",
  "resource-constraint",
]);

export interface Verdict {
  readonly outcome: AttemptRecord["outcome"];
  readonly error: string | null;
  readonly device: DeviceNews | undefined;
  readonly isFinal: boolean;
}

/**
 * What the answer to a publish means (XEP-0357 7.1). `wait` and faults of the network say nothing about the node. Other
 * errors count against it; it is given up when it was refused three times in a row, which retries make a matter of seconds,
 * for an hour where publishes are rare, or was unavailable for days.
 */
export function verdictOn(
  answer: PublishAnswer,
  { failures, failingSince }: Pick<DeviceRow, "failures" | "failingSince">,
  now: number,
): Verdict {
  switch (answer.kind) {
    case "result":
      return { outcome: "delivered", error: null, device: { kind: "accepted" }, isFinal: false };
    case "timeout":
      return { outcome: "timeout", error: attemptError("no-app-server-answer"), device: undefined, isFinal: false };
    case "error":
      break;
  }
  const { type, condition, text } = answer;
  const error = text === "" ? condition : `${condition}: ${text}`;
  if (type === "wait" || transient.has(condition))
    return { outcome: "failed", error, device: undefined, isFinal: false };
  const isAway = condition === "service-unavailable";
  const isRefusedLong = !isAway && failingSince !== null && now - failingSince >= maxRefusedMs;
  if (isRefusedLong || failures + 1 >= (isAway ? maxUnavailable : maxRefusals)) {
    const reason = attemptError("app-server-refused", { condition });
    const device = { kind: "gone", reason, since: null, retryAt: now + retryAfterMs } as const;
    return { outcome: "unregistered", error, device, isFinal: true };
  }
  return { outcome: isAway ? "failed" : "rejected", error, device: { kind: "failed", error }, isFinal: false };
}
