import type { Permission } from "../../lib/contracts/endpoint.ts";
import { ownerRole } from "../../lib/contracts/fixed-roles.ts";
import { contract } from "../../lib/contracts/index.ts";
import { type Grant, hostsFor, mayCall } from "../../lib/contracts/may.ts";
import type { Core } from "../core/core.ts";
import type { RoleGrant } from "../core/policy/roles.ts";
import type { InviteMaker, InviteRow } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { callerOfAccount, callerOfKey } from "./caller-of.ts";
import { type Caller, local } from "./caller.ts";
import { badInput, refused } from "./errors.ts";
import { roleGrantPlace, rolesGainedBy } from "./role-grant.ts";

/** Who makes an invite, to be asked for again when it is redeemed. A name would not do: a key may be called like an account. */
export function makerOf({ caller, address }: Call): InviteMaker {
  if (caller.kind === "local") return { kind: "local" };
  if (caller.kind === "key") return { kind: "key", id: caller.id! };
  return { kind: "account", jid: caller.name, address };
}

/**
 * Whoever made the invite, with what they may do by now; for an account, from where it made the invite. Throws `not-found` when
 * they are gone, and `forbidden` when they are suspended. An account that took the name later is somebody else.
 */
export async function makerNow({ stores, policy, clock }: Core, invite: InviteRow): Promise<Caller> {
  const { id, maker } = invite;
  const now = clock.now();
  if (maker?.kind === "local") return local;
  if (maker?.kind === "key") {
    const key = (await stores.admin.keys()).find((one) => one.id === maker.id);
    if (key !== undefined && (key.expiresAt === null || key.expiresAt > now)) return callerOfKey(key);
  }
  const jid = maker?.kind === "account" ? Jid.tryParse(maker.jid) : undefined;
  const row = jid === undefined ? null : await stores.accounts.find(jid.domain, jid.local);
  if (maker?.kind !== "account" || jid === undefined || row === null || row.createdAt > invite.createdAt)
    throw refused("not-found", "inviter-gone", { id });
  if (row.suspended !== null && (row.suspended.until ?? Infinity) > now)
    throw refused("forbidden", "inviter-suspended", { id });
  const factors = await stores.factors.of(jid.bare);
  return callerOfAccount(policy, { jid, sessionId: null, hasSecondFactor: factors.length > 0 }, maker.address);
}

/**
 * May somebody with these grants have an account get this role by an invite? As for a grant by name, and within bounds, for
 * whoever gets hold of the link gets the role: never `owner`, the role that is named and no other, and nothing that they
 * have not themselves. Throws AdminError.
 */
export function requireMayGive(
  core: Core,
  grants: readonly Grant[],
  { name, host }: { readonly name: string; readonly host?: string | null | undefined },
  jid: Jid,
): void {
  if (!mayCall(contract.roles.grant["~orpc"].meta, grants)) throw beyondRights(["roles:write"]);
  if (name === ownerRole) throw badInput("role.name", "owner-by-invite");
  const place = roleGrantPlace(core, name, host ?? undefined, "role.host");
  const gained = rolesGainedBy(core, place, jid);
  const others = gained.map(({ role }) => role).filter((role) => role !== name);
  if (others.length > 0) throw badInput("role.name", "role-gives-more", { roles: [...new Set(others)].join(", ") });
  const excess = gained.flatMap((role) => excessOf(role, grants));
  if (excess.length > 0) throw beyondRights([...new Set(excess)]);
}

/** Throws `forbidden`, and `bad-input` for a group that is not there. */
export async function requireMayJoin(core: Core, grants: readonly Grant[], host: string, groups: readonly string[]) {
  if (groups.length > 0 && !mayCall(contract.groups.changeMembers["~orpc"].meta, grants, host))
    throw beyondRights(["groups:write"]);
  const found = await Promise.all(groups.map((name) => core.stores.groups.find(host, name)));
  const unknown = groups.find((_, index) => found[index] === null);
  if (unknown !== undefined) throw badInput("groups", "group-missing", { name: unknown });
}

function excessOf({ permissions, hosts }: RoleGrant, grants: readonly Grant[]): Permission[] {
  return permissions.filter((permission) => {
    const held = hostsFor(grants, permission);
    return held !== null && (hosts === null || hosts.some((host) => !held.includes(host)));
  });
}

function beyondRights(missing: readonly Permission[]) {
  const facts = { permission: missing[0]!, rule: "configure" };
  return refused("forbidden", "beyond-own-rights", { permissions: missing.join(", ") }, facts);
}
