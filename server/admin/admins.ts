import type { Condition, Policy } from "../../lib/contracts/policy.ts";
import { own } from "../core/policy/engine.ts";
import type { PolicyState } from "../core/policy/state.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { AdminError } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise } from "./revise.ts";

/** Makes `jid` match the ACL `admin`, and `configure` let that ACL in. */
export function admit(draft: Policy, jid: Jid): void {
  const admins = own(draft.acl, "admin") ?? [];
  if (!admins.some((condition) => names(condition, jid))) put(draft.acl, "admin", [...admins, { user: jid.bare }]);
  const configure = own(draft.accessRules, "configure") ?? [];
  if (configure.length === 0) put(draft.accessRules, "configure", [{ allow: [{ acl: "admin" }] }]);
}

export async function addAdmin(admin: Admin, jid: Jid, call: Call): Promise<void> {
  await revise(admin, call, { comment: `${jid.bare} becomes an admin` }, (draft) => admit(draft, jid));
}

/** Throws `not-found` when no line names the account, `last-admin` when no other one would be left. */
export async function removeAdmin(admin: Admin, jid: Jid, call: Call): Promise<void> {
  const admins = own(admin.core.policy.document.acl, "admin") ?? [];
  const others = admins.filter((condition) => !names(condition, jid));
  if (others.length === admins.length)
    throw new AdminError("not-found", `The ACL admin has no line for ${jid.bare} itself.`);
  if (others.length === 0) throw new AdminError("last-admin", `${jid.bare} is the last admin.`);
  const comment = `${jid.bare} is no admin any more`;
  await revise(admin, call, { comment }, (draft) => {
    const now = own(draft.acl, "admin") ?? [];
    put(
      draft.acl,
      "admin",
      now.filter((condition) => !names(condition, jid)),
    );
  });
}

/** Takes a removed account out of the ACL `admin`. Throws `last-admin`. */
export async function forgetAdmin(policy: PolicyState, jid: Jid, call: Call): Promise<void> {
  const admins = own(policy.document.acl, "admin") ?? [];
  const others = admins.filter((condition) => !names(condition, jid));
  if (others.length === admins.length) return;
  if (others.length === 0) throw new AdminError("last-admin", `${jid.bare} is the last admin.`);
  const comment = `${jid.bare} is removed`;
  await policy.change({ author: call.author, comment, audit: null }, (draft) => put(draft.acl, "admin", others));
}

/**
 * Whoever sets an admin's password can become that admin, so it takes what making admins takes. Throws `forbidden`.
 */
export function guardAdmins(policy: PolicyState, jid: Jid, call: Call): void {
  if (!policy.isAdmin(jid, null)) return;
  if (call.may("policy:write") && call.caller.hosts === null) return;
  throw new AdminError("forbidden", `${jid.bare} is an admin; this needs the permission policy:write for all hosts.`, {
    permission: "policy:write",
    rule: "configure",
  });
}

function names(condition: Condition, jid: Jid): boolean {
  return typeof condition === "object" && "user" in condition && condition.user === jid.bare;
}
