import { hostAdminRole, ownerRole } from "../../lib/contracts/fixed-roles.ts";
import type { Core } from "../core/core.ts";
import { Engine, own } from "../core/policy/engine.ts";
import { rolesSomewhere } from "../core/policy/lockout.ts";
import { type Compiled, configureRule, type RoleGrant } from "../core/policy/roles.ts";
import type { Jid } from "../xmpp/jid.ts";
import { hostName, requireHost } from "./address.ts";
import { badInput, refused } from "./errors.ts";
import { join } from "./role-members.ts";

/** How a role is given. */
export interface RoleGrantPlace {
  /** The access rule that says who has it. */
  readonly access: string;
  /** The host as which it is changed; null: for all. */
  readonly scope: string | null;
}

/** Throws `not-found` for a role or host that is not there, `bad-input` at `path` for a host that the role does not go with. */
export function roleGrantPlace(core: Core, name: string, host: string | undefined, path = "host"): RoleGrantPlace {
  return { access: accessOf(core, name), scope: scopeOf(core, name, host, path) };
}

function accessOf({ policy }: Core, name: string): string {
  if (name === ownerRole || name === hostAdminRole) return configureRule;
  const role = own(policy.document.console.roles, name);
  if (role === undefined) throw refused("not-found", "role-missing", { name });
  return role.access;
}

// A host admin is one of some host, an owner of none in particular.
function scopeOf(core: Core, name: string, host: string | undefined, path: string): string | null {
  if (host === undefined) {
    if (name === hostAdminRole) throw badInput(path, "host-needed");
    return null;
  }
  if (name === ownerRole) throw badInput(path, "owners-have-all-hosts");
  const scope = hostName(host);
  requireHost(core, scope);
  return scope;
}

/** The roles that an account would have by a grant and has not yet: access rules that share an ACL give several. */
export function rolesGainedBy({ policy }: Core, { access, scope }: RoleGrantPlace, jid: Jid): RoleGrant[] {
  const document = structuredClone(policy.document);
  join(document, access, jid.bare, scope);
  const after: Compiled = { document, engine: new Engine(document) };
  const before = rolesSomewhere(policy.compiled, jid);
  return rolesSomewhere(after, jid).filter((gained) => !before.some((had) => covers(had, gained)));
}

function covers(had: RoleGrant, gained: RoleGrant): boolean {
  if (had.role !== gained.role) return false;
  return had.hosts === null || gained.hosts?.every((host) => had.hosts!.includes(host)) === true;
}
