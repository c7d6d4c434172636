import type { Clock } from "../../core/clock.ts";
import type { Turns } from "../../core/turns.ts";
import type { Stores } from "../../storage/ports.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { affiliationAt } from "./access.ts";
import { readConfig } from "./config.ts";
import type { Realm, Visit } from "./realm.ts";
import { refusal } from "./refusal.ts";

/** Node and item names; the length is that of the parts of a JID. */
const maxNameBytes = 1023;

/** What the use cases work with. */
export interface Nodes {
  readonly stores: Stores;
  readonly clock: Clock;
  /** By realm: a change sees the one before it. */
  readonly turns: Turns;
}

export function inTurn<Result>({ turns }: Nodes, realm: Realm, work: () => Promise<Result>): Promise<Result> {
  return turns.take(realm.address.bare, work);
}

/** The node as `jid` finds it; null: there is none. */
export async function visitIfAny({ stores }: Nodes, realm: Realm, node: string, jid: Jid): Promise<Visit | null> {
  const found = await stores.nodes.find(realm.owner, node, jid.bare);
  if (found === null) return null;
  const config = readConfig(found.config, realm.rules.defaults);
  return { jid, found, config, affiliation: affiliationAt(realm, jid, found.affiliation) };
}

/** With the code that Profanity waits for to publish its first list of devices. */
export function notThere(): StanzaError {
  return StanzaError.of("item-not-found", undefined, { code: 404 });
}

/** Throws StanzaError `item-not-found`. */
export async function visit(nodes: Nodes, realm: Realm, node: string, jid: Jid): Promise<Visit> {
  const found = await visitIfAny(nodes, realm, node, jid);
  if (found === null) throw notThere();
  return found;
}

/** The node that a request names. Throws StanzaError `bad-request` with `nodeid-required`. */
export function nodeName(element: Element): string {
  const node = element.attr("node");
  if (node === undefined || node === "") throw refusal("bad-request", "nodeid-required");
  return checkedName(node);
}

export function checkedName(name: string): string {
  if (Buffer.byteLength(name) > maxNameBytes) throw StanzaError.of("bad-request", "the name is too long");
  return name;
}
