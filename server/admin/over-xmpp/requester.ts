import { randomBytes } from "node:crypto";
import type { Permission } from "../../../lib/contracts/endpoint.ts";
import type { Grant } from "../../../lib/contracts/may.ts";
import { hostsFor } from "../../../lib/contracts/may.ts";
import type { Core } from "../../core/core.ts";
import type { Packet } from "../../core/router.ts";
import { Call } from "../call.ts";
import { callerWith, type Caller } from "../caller.ts";
import { standingOf } from "../configure.ts";

const announcing: readonly Permission[] = ["announcements:read", "announcements:write"];

/**
 * Whoever runs a command: what their roles grant, asked anew each time, and what the access rule `announce` adds. Roles that take
 * a second factor grant nothing here, where there is none to give, nor does any role from where the console is not for. Somebody of
 * another server is nobody.
 */
export function callerOf({ policy, hosts }: Core, host: string, { from, origin }: Packet): Caller {
  const jid = from.toBare();
  const isLocal = jid.local !== "" && hosts.get(jid.domain) !== undefined;
  const ip = origin.session?.link.address ?? null;
  const isFromThere = ip === null || policy.isLoginAddress(ip);
  const standing = isLocal && isFromThere ? standingOf(policy, jid, ip ?? "") : null;
  const roles = standing === null || standing.needsSecondFactor ? [] : standing.roles;
  const grants: Grant[] = [...roles];
  if (isLocal && policy.allows("announce", { jid, ip, host })) grants.push({ permissions: announcing, hosts: [host] });
  return callerWith({ kind: "account", name: jid.bare, id: null, roles: roles.map(({ role }) => role) }, grants);
}

export function may(caller: Caller, permission: Permission, host: string): boolean {
  const hosts = hostsFor(caller.grants, permission);
  return hosts === null || hosts.includes(host);
}

/** The call of a verb that a stanza asks for; each is told of in the audit log as one. */
export function callFrom(caller: Caller, host: string, { origin }: Packet): Call {
  return new Call({
    caller,
    address: origin.session?.link.address ?? "xmpp",
    userAgent: "xmpp",
    host,
    requestId: randomBytes(9).toString("base64url"),
    isFromConsole: false,
  });
}
