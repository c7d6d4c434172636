import type { Policy } from "../../../lib/contracts/policy.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Network } from "../network.ts";
import type { Engine } from "./engine.ts";

const configureRule = "configure";
/** Addresses that conditions name and that are tried; few, because this is asked on every change. */
const maxAddresses = 50;

/** A document and what it means. */
export interface Compiled {
  readonly document: Policy;
  readonly engine: Engine;
}

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

/** Is this an account of a host served here that `configure` allows, on its host or globally? */
export function isAdmin({ document, engine }: Compiled, jid: Jid, ip: string | null): boolean {
  if (!Object.hasOwn(document.hosts, jid.domain)) return false;
  return (
    engine.allows(configureRule, { jid, ip, host: "" }) || engine.allows(configureRule, { jid, ip, host: jid.domain })
  );
}

/** Would whoever has this account be an admin, from some address at least? */
export function isAdminSomewhere(compiled: Compiled, jid: Jid): boolean {
  return addressesIn(compiled.document).some((ip) => isAdmin(compiled, jid, ip));
}

/**
 * Why a change would shut people out, or null: the author could change the policy before and could not any more, or nobody
 * could. `address` is where the author is now.
 */
export function lockout(before: Compiled, after: Compiled, author: string, address: string | null): string | null {
  const jid = author.includes("@") ? Jid.tryParse(author) : undefined;
  if (jid !== undefined && isAdmin(before, jid, address) && !isAdmin(after, jid, address))
    return `${jid.bare} would lose the access rule ${configureRule}, and with it the console.`;
  if (hasAdmin(before) && !hasAdmin(after))
    return `Nobody would be allowed by the access rule ${configureRule} any more.`;
  return null;
}
