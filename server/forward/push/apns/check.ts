import { createHash, createPublicKey } from "node:crypto";
import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import { remark, type Remark, remarkText } from "../../../../lib/contracts/remarks.ts";
import { remarkOnProvider } from "../../http/origins.ts";
import { type CheckedTarget, targetProblem } from "../../target-problem.ts";
import { readKey } from "./key.ts";

/** What can be said of a target's settings without asking Apple. The key is the real text, not its mask. */
export function checkApns(target: ApnsTarget): CheckedTarget {
  const { problems, facts }: CheckedTarget = { problems: [], facts: [] };
  const complain = (field: keyof ApnsTarget, said: Remark): void => {
    problems.push(targetProblem(field, said));
  };
  const { key, problem } = readKey(target.key);
  if (key === null) {
    complain("key", problem);
  } else {
    const spki = createPublicKey(key).export({ type: "spki", format: "der" });
    facts.push(["Key", "EC private key, P-256 (ES256)"]);
    // Tells two keys apart without showing anything of either.
    facts.push(["Fingerprint", createHash("sha256").update(spki).digest("hex").slice(0, 16)]);
  }
  if (target.keyId === target.teamId) complain("teamId", remark("apns-team-is-key"));
  if (target.topic.endsWith(".voip")) complain("topic", remark("apns-topic-voip"));
  const refusal = target.server === null ? null : remarkOnServer(target.server, target.allowPrivate);
  if (refusal !== null) complain("server", refusal);
  return { problems, facts };
}

/** Why nothing is sent to this server; null when it may be tried. */
export function refusalOfServer(server: string, allowPrivate: boolean): string | null {
  const said = remarkOnServer(server, allowPrivate);
  return said === null ? null : remarkText(said);
}

function remarkOnServer(server: string, allowPrivate: boolean): Remark | null {
  const said = remarkOnProvider(server, allowPrivate);
  if (said !== null) return said;
  const { pathname, search } = new URL(server);
  return pathname === "/" && search === "" ? null : remark("url-with-path");
}
