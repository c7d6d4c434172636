import type { Permission } from "../../lib/contracts/endpoint.ts";
import type { Condition, Policy } from "../../lib/contracts/policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import type { Core } from "../core/core.ts";
import { own } from "../core/policy/engine.ts";
import type { PolicyState } from "../core/policy/state.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import { onEveryHost } from "./every-host.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise } from "./revise.ts";
import { leaveAll } from "./role-members.ts";

/** Makes `jid` match the ACL `admin`, and `configure` let that ACL in. */
export function admit(draft: Policy, jid: Jid): void {
  const admins = own(draft.acl, "admin") ?? [];
  if (!admins.some((condition) => names(condition, jid))) put(draft.acl, "admin", [...admins, { user: jid.bare }]);
  const configure = own(draft.accessRules, "configure") ?? [];
  if (configure.length === 0) put(draft.accessRules, "configure", [{ allow: [{ acl: "admin" }] }]);
}

export async function addAdmin(admin: Admin, jid: Jid, call: Call): Promise<void> {
  await revise(admin, call, { comment: remark("revision-admin-added", { jid: jid.bare }) }, (draft) =>
    admit(draft, jid),
  );
}

/** Throws `not-found` when no line names the account, `last-admin` when no other one would be left. */
export async function removeAdmin(admin: Admin, jid: Jid, call: Call): Promise<void> {
  const admins = own(admin.core.policy.document.acl, "admin") ?? [];
  const others = admins.filter((condition) => !names(condition, jid));
  if (others.length === admins.length) throw refused("not-found", "no-admin-line", { jid: jid.bare });
  if (others.length === 0) throw refused("last-admin", "last-admin", { jid: jid.bare });
  const comment = remark("revision-admin-removed", { jid: jid.bare });
  await revise(admin, call, { comment }, (draft) => {
    const now = own(draft.acl, "admin") ?? [];
    put(
      draft.acl,
      "admin",
      now.filter((condition) => !names(condition, jid)),
    );
  });
}

/** Throws `last-admin` when nobody else is named in the ACL `admin`. */
export function requireOtherAdmin(policy: PolicyState, jid: Jid): void {
  const admins = own(policy.document.acl, "admin") ?? [];
  if (admins.some((condition) => names(condition, jid)) && admins.every((condition) => names(condition, jid)))
    throw refused("last-admin", "last-admin", { jid: jid.bare });
}

/**
 * Takes accounts out of whatever gives them a role when they are removed, by whichever way: whoever registers the name next
 * must not have it. With the last admin gone, set-up opens again, with a token that only the operator sees.
 */
export function forgetRemovedAdmins({ policy, hosts, log }: Core): () => void {
  return onEveryHost(hosts, ({ hooks }) => [
    hooks.add("admin", "account/removed", async ({ user }) => {
      const isGone = (jid: string): boolean => jid === user.bare;
      if (!leaveAll(structuredClone(policy.document), isGone)) return undefined;
      const by = {
        author: user.bare,
        comment: remark("revision-account-removed", { jid: user.bare }),
        audit: null,
        force: true,
      };
      const { revision } = await policy.change(by, (draft) => {
        leaveAll(draft, isGone);
      });
      log.for("admin").warn("an admin's account was removed", { account: user.bare, revision: revision.id });
      return undefined;
    }),
  ]);
}

/** Takes a host that is removed, and all its accounts, out of the roles. */
export function dropAdminsOf(draft: Policy, host: string): void {
  leaveAll(draft, (jid) => Jid.tryParse(jid)?.domain === host);
  for (const role of Object.values(draft.console.roles))
    if (role.hosts !== null) role.hosts = role.hosts.filter((name) => name !== host);
}

/**
 * Whoever sets an account's password can become that account, so it takes every permission that its roles give, or the
 * right to give roles. Throws `forbidden`.
 */
export function guardAdmins(policy: PolicyState, jid: Jid, call: Call): void {
  if (call.may("roles:write")) return;
  for (const { role, permissions, hosts } of policy.rolesSomewhere(jid)) {
    const lacks = (permission: Permission): boolean =>
      hosts === null ? !call.may(permission) : hosts.some((host) => !call.may(permission, host));
    if (!permissions.some(lacks)) continue;
    throw refused(
      "forbidden",
      "has-role",
      { jid: jid.bare, role },
      {
        permission: "roles:write",
        rule: "configure",
      },
    );
  }
}

function names(condition: Condition, jid: Jid): boolean {
  return typeof condition === "object" && "user" in condition && condition.user === jid.bare;
}
