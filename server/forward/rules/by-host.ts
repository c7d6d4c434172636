import type { ForwardPolicy } from "../../../lib/contracts/forward-policy.ts";
import type { PolicyState } from "../../core/policy/state.ts";
import { HostRules } from "./compile.ts";

/** The rules of a policy, in force or not, as they apply to the accounts of these hosts. */
export function rulesByHost(
  hosts: readonly string[],
  forward: ForwardPolicy,
  policy: Pick<PolicyState, "matchesAcl">,
): ReadonlyMap<string, HostRules> {
  return new Map(
    hosts.map((host) => [
      host,
      new HostRules(host, forward, {
        matchesAcl: (name, jid) => policy.matchesAcl(name, { jid, ip: null, host }),
        onFault: () => {},
      }),
    ]),
  );
}
