import type { RoleGrant } from "../core/policy/roles.ts";
import type { PolicyState } from "../core/policy/state.ts";
import type { Jid } from "../xmpp/jid.ts";

/** What an account's roles give it, and whether they wait for a second factor. */
export interface Standing {
  readonly roles: readonly RoleGrant[];
  /** One of the roles takes a second factor to use. */
  readonly needsSecondFactor: boolean;
}

/**
 * The roles that access rules grant an account; null: none, it is no admin. Asked again for each request, so that a change
 * of the policy counts at once.
 */
export function standingOf(policy: PolicyState, jid: Jid, ip: string): Standing | null {
  const roles = policy.roles(jid, ip);
  if (roles.length === 0) return null;
  const { secondFactor } = policy.document.console.login;
  return { roles, needsSecondFactor: roles.some(({ role }) => secondFactor.includes(role)) };
}
