import { hostsFor } from "../../../lib/contracts/may.ts";
import type { Policy } from "../../../lib/contracts/policy.ts";
import { remark, type Remark } from "../../../lib/contracts/remarks.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Network, parseAddress } from "../network.ts";
import { type Compiled, configureRule, type RoleGrant, rolesOf } from "./roles.ts";

/** Addresses that conditions name and that are tried; few, because this is asked on every change. */
const maxAddresses = 50;

/** One address of each block that an ACL or rule names, and those that everybody at the machine has. */
function addressesIn(document: Policy): (string | null)[] {
  const hosts = Object.values(document.hosts);
  const conditions = [
    ...Object.values(document.acl).flat(),
    ...hosts.flatMap((host) => Object.values(host.acl).flatMap((acl) => acl.any)),
    ...[
      ...Object.values(document.accessRules).flat(),
      ...hosts.flatMap((host) => Object.values(host.accessRules).flatMap((rule) => rule.lines)),
    ].flatMap((line) => ("allow" in line ? line.allow : line.deny)),
  ];
  const blocks = conditions.flatMap((condition) =>
    typeof condition === "object" && "ip" in condition ? condition.ip : [],
  );
  const named = blocks.slice(0, maxAddresses).flatMap((block) => Network.parse(block)?.text.split("/")[0] ?? []);
  return [null, "127.0.0.1", "::1", ...named];
}

/** Could anybody at all get into the console? Errs on the side of yes where lines exclude each other. */
export function hasAdmin({ document, engine }: Compiled): boolean {
  const hosts = ["", ...Object.keys(document.hosts)];
  const addresses = addressesIn(document);
  return hosts.some((host) => addresses.some((ip) => engine.mayAllow(configureRule, { jid: null, ip, host })));
}

/** Is this an account of a host served here that has a role in the console? */
export function isAdmin(compiled: Compiled, jid: Jid, ip: string | null): boolean {
  return Object.hasOwn(compiled.document.hosts, jid.domain) && rolesOf(compiled, jid, ip).length > 0;
}

/** The roles that whoever has this account would have, from some address at least. */
export function rolesSomewhere(compiled: Compiled, jid: Jid): RoleGrant[] {
  if (!Object.hasOwn(compiled.document.hosts, jid.domain)) return [];
  return addressesIn(compiled.document).flatMap((ip) => rolesOf(compiled, jid, ip));
}

/** May somebody log in to the console from this address? A list that is empty lets everybody in. */
export function isLoginAddress({ console: { login } }: Policy, address: string): boolean {
  if (login.addresses.length === 0) return true;
  const parsed = parseAddress(address);
  return parsed !== null && login.addresses.some((block) => Network.parse(block)?.has(parsed) === true);
}

/**
 * Why a change would shut people out, or null: the author could change the policy before and could not any more, or nobody
 * could. `address` is where the author is now.
 */
export function lockout(before: Compiled, after: Compiled, author: string, address: string | null): Remark | null {
  const jid = author.includes("@") ? Jid.tryParse(author) : undefined;
  if (jid !== undefined && isAdmin(before, jid, address)) {
    if (!isAdmin(after, jid, address)) return remark("author-loses-console", { jid: jid.bare, rule: configureRule });
    if (mayUndo(before, jid, address) && !mayUndo(after, jid, address))
      return remark("author-loses-way-back", { jid: jid.bare });
    if (address !== null && !isLoginAddress(after.document, address) && isLoginAddress(before.document, address))
      return remark("author-address-shut-out", { jid: jid.bare, address });
  }
  if (hasAdmin(before) && !hasAdmin(after)) return remark("nobody-allowed", { rule: configureRule });
  return null;
}

function mayUndo(compiled: Compiled, jid: Jid, ip: string | null): boolean {
  return hostsFor(rolesOf(compiled, jid, ip), "policy:write") === null;
}
