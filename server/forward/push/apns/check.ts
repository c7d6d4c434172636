import { createHash, createPublicKey } from "node:crypto";
import type { z } from "zod";
import type { TargetCheck } from "../../../../lib/contracts/simulation.ts";
import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import { refusalOfProvider } from "../../http/origins.ts";
import { readKey } from "./key.ts";

type Check = z.infer<typeof TargetCheck>;

/** What can be said of a target's settings without asking Apple. The key is the real text, not its mask. */
export function checkApns(target: ApnsTarget): Check {
  const problems: Check["problems"] = [];
  const facts: Check["facts"] = [];
  const complain = (field: keyof ApnsTarget, message: string): void => {
    problems.push({ field, message, line: null, column: null });
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
  if (target.keyId === target.teamId) {
    complain("teamId", "this is the key's id: the team's is on Apple's Membership page");
  }
  if (target.topic.endsWith(".voip")) complain("topic", "leave out .voip: it is added for calls");
  const refusal = target.server === null ? null : refusalOfServer(target.server, target.allowPrivate);
  if (refusal !== null) complain("server", refusal);
  return { problems, facts };
}

/** Why nothing is sent to this server; null when it may be tried. */
export function refusalOfServer(server: string, allowPrivate: boolean): string | null {
  const refusal = refusalOfProvider(server, allowPrivate);
  if (refusal !== null) return refusal;
  const { pathname, search } = new URL(server);
  return pathname === "/" && search === "" ? null : "give only the server's address: APNs fixes the path";
}
