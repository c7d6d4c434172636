import type { Permission } from "../../../lib/contracts/endpoint.ts";
import { hostAdminRole, ownerRole } from "../../../lib/contracts/fixed-roles.ts";
import type { Grant } from "../../../lib/contracts/may.ts";
import { permissions } from "../../../lib/contracts/permissions.ts";
import type { Policy } from "../../../lib/contracts/policy.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Engine } from "./engine.ts";

/** A document and what it means. */
export interface Compiled {
  readonly document: Policy;
  readonly engine: Engine;
}

/** A role that an account has, with what it gives. */
export interface RoleGrant extends Grant {
  readonly role: string;
}

export const configureRule = "configure";

/** What `configure` on a host grants: that host's people and policy, never the server. */
const ofHostAdmin: readonly Permission[] = [
  "hosts:read",
  "users:read",
  "users:write",
  "sessions:read",
  "sessions:write",
  "policy:read",
  "policy:write",
  "forward:read",
  "devices:read",
  "devices:write",
  "offline:read",
  "offline:write",
  "rooms:read",
  "rooms:write",
  "uploads:read",
  "uploads:write",
  "announcements:read",
  "announcements:write",
  "groups:read",
  "groups:write",
  "reports:read",
  "reports:write",
];

/** What the fixed roles let their holders do. */
export const fixedPermissions: Readonly<Record<string, readonly Permission[]>> = {
  [ownerRole]: permissions,
  [hostAdminRole]: ofHostAdmin,
};

/** Every role that an access rule gives this account, for all hosts or for some. Empty: it may not use the console. */
export function rolesOf({ document, engine }: Compiled, jid: Jid, ip: string | null): RoleGrant[] {
  const ownViews = hostsWithRules(document);
  const allowedOn = (rule: string, among: readonly string[] | null): readonly string[] | null => {
    if (engine.allows(rule, { jid, ip, host: "" })) return among;
    const hosts = among === null ? ownViews : ownViews.filter((host) => among.includes(host));
    return hosts.filter((host) => engine.allows(rule, { jid, ip, host }));
  };
  const found: RoleGrant[] = [];
  const add = (role: string, granted: readonly Permission[], hosts: readonly string[] | null): void => {
    if (hosts === null || hosts.length > 0) found.push({ role, permissions: granted, hosts });
  };
  const configured = allowedOn(configureRule, null);
  if (configured === null) add(ownerRole, permissions, null);
  else add(hostAdminRole, ofHostAdmin, configured);
  for (const [name, role] of Object.entries(document.console.roles))
    add(name, role.permissions, allowedOn(role.access, role.hosts));
  return found;
}

/** Hosts on which a rule may come out otherwise than for all. */
export function hostsWithRules(document: Policy): string[] {
  return Object.entries(document.hosts)
    .filter(([, own]) => Object.keys(own.accessRules).length + Object.keys(own.acl).length > 0)
    .map(([host]) => host);
}

/** The access rules that roles are given by. */
export function roleRules(document: Policy): Set<string> {
  return new Set([configureRule, ...Object.values(document.console.roles).map(({ access }) => access)]);
}
