import type { Affiliation } from "../../storage/ports.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { NodeConfig } from "./config.ts";
import type { Realm, Visit } from "./realm.ts";
import { refusal } from "./refusal.ts";

const readers: ReadonlySet<Affiliation | null> = new Set<Affiliation>(["owner", "publisher", "member"]);
const publishers: ReadonlySet<Affiliation | null> = new Set<Affiliation>(["owner", "publisher", "publish-only"]);

/** Someone who may have a node's items, whatever its access model. */
export function isReader(affiliation: Affiliation | null): boolean {
  return readers.has(affiliation);
}

/**
 * May this entity have the node's items? Resolves with why not (XEP-0060 6.5.9, 6.1.3), or null. `what`: only those who want
 * to subscribe to a node that has to agree may wait for it.
 */
export async function readRefusal(
  realm: Realm,
  visit: Visit,
  what: "items" | "subscribe",
): Promise<StanzaError | null> {
  const { affiliation, config, found, jid } = visit;
  if (isReader(affiliation)) return null;
  if (affiliation === "outcast" || affiliation === "publish-only") return StanzaError.of("forbidden");
  switch (config.accessModel) {
    case "open":
      return null;
    case "presence":
      return (await realm.isContact(jid)) ? null : refusal("not-authorized", "presence-subscription-required");
    case "roster": {
      if (!(await realm.isContact(jid))) return refusal("not-authorized", "presence-subscription-required");
      const isIn = isInGroup(config, await realm.groupsOf(jid));
      return isIn ? null : refusal("not-authorized", "not-in-roster-group");
    }
    case "authorize":
      if (what === "subscribe" || found.subscription === "subscribed") return null;
      return refusal("not-authorized", "not-subscribed");
    default:
      return refusal("not-allowed", "closed-node");
  }
}

export function isInGroup(config: NodeConfig, groups: readonly string[]): boolean {
  return groups.some((group) => config.rosterGroupsAllowed.includes(group));
}

/** Throws StanzaError `forbidden`. */
export function requireOwner({ affiliation }: Visit): void {
  if (affiliation !== "owner") throw StanzaError.of("forbidden");
}

/** XEP-0060 7.1.3.1. Throws StanzaError `forbidden`. */
export function requirePublisher({ affiliation, config, found }: Visit): void {
  if (publishers.has(affiliation)) return;
  const isOpen =
    config.publishModel === "open" ||
    (config.publishModel === "subscribers" && (affiliation === "member" || found.subscription === "subscribed"));
  if (!isOpen || affiliation === "outcast") throw StanzaError.of("forbidden");
}

/** What the entity is to a node that has this stored affiliation for it. */
export function affiliationAt(realm: Realm, jid: Jid, stored: Affiliation | null): Affiliation | null {
  return realm.user !== null && jid.bare === realm.user.bare ? "owner" : stored;
}
