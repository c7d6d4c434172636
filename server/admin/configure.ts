import type { Permission } from "../../lib/contracts/endpoint.ts";
import type { PolicyState } from "../core/policy/state.ts";
import type { Jid } from "../xmpp/jid.ts";
import { every, ofHostAdmin } from "./caller.ts";

export interface Grant {
  readonly permissions: ReadonlySet<Permission>;
  /** null: all hosts. */
  readonly hosts: readonly string[] | null;
}

/**
 * What the access rule `configure` grants an account: everything when the rule for all hosts lets it through, else the
 * hosts whose own rule or ACLs do. null: it is no admin. Asked again for each request, so that a change of the policy
 * counts at once.
 */
export function grantOf(policy: PolicyState, jid: Jid, ip: string | null): Grant | null {
  if (policy.allows("configure", { jid, ip, host: "" })) return { permissions: every, hosts: null };
  const hosts = Object.entries(policy.document.hosts)
    .filter(([, own]) => Object.keys(own.accessRules).length + Object.keys(own.acl).length > 0)
    .map(([host]) => host)
    .filter((host) => policy.allows("configure", { jid, ip, host }));
  return hosts.length === 0 ? null : { permissions: ofHostAdmin, hosts };
}
