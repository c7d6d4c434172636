import type { SubscriptionRow, SubscriptionState } from "../../storage/ports.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { readRefusal } from "./access.ts";
import { authorizationRequest } from "./authorization.ts";
import { inTurn, nodeName, type Nodes, visit } from "./nodes.ts";
import type { Realm, Visit } from "./realm.ts";
import { refusal } from "./refusal.ts";
import { subscriptionElement, newSubid } from "./subscription.ts";
import { tell } from "./tell.ts";

/** `<subscribe/>`, XEP-0060 6.1. Resolves with the `<subscription/>` of the result. */
export async function subscribe(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<Element> {
  const node = nodeName(request);
  const subscriber = subscriberOf(request);
  if (!isOf(subscriber, jid)) throw refusal("bad-request", "invalid-jid");
  return inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    const refused = await readRefusal(realm, found, "subscribe");
    if (refused !== null) throw refused;
    const before = await ownSubscription(nodes, realm, node, subscriber);
    if (before?.state === "pending") throw refusal("not-authorized", "pending-subscription");
    if (before !== undefined) return subscriptionElement(before, NS.pubsub);
    const waits = found.config.accessModel === "authorize" && found.affiliation === null;
    const row = { node, jid: subscriber.full, state: waits ? "pending" : "subscribed", subid: newSubid() } as const;
    if (!(await nodes.stores.nodes.setSubscriptions(realm.owner, node, [row], realm.maxSubscriptions))) {
      throw refusal("policy-violation", "too-many-subscriptions", { type: "wait" });
    }
    if (!waits) await sendLast(nodes, realm, found, subscriber);
    await tellOwners(nodes, realm, found, row, row.state);
    return subscriptionElement(row, NS.pubsub);
  });
}

/** `<unsubscribe/>`, XEP-0060 6.2. Resolves with the `<subscription/>` of the result. */
export async function unsubscribe(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<Element> {
  const node = nodeName(request);
  const subscriber = subscriberOf(request);
  if (!isOf(subscriber, jid)) throw StanzaError.of("forbidden");
  const subid = request.attr("subid");
  return inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    const before = await ownSubscription(nodes, realm, node, subscriber);
    if (before === undefined) throw refusal("unexpected-request", "not-subscribed", { type: "cancel" });
    if (subid !== undefined && subid !== before.subid) throw refusal("not-acceptable", "invalid-subid");
    const change = { jid: subscriber.full, state: null, subid: before.subid };
    await nodes.stores.nodes.setSubscriptions(realm.owner, node, [change], realm.maxSubscriptions);
    await tellOwners(nodes, realm, found, before, "none");
    return subscriptionElement({ ...before, state: "none" }, NS.pubsub);
  });
}

/** Own `<subscriptions/>`, XEP-0060 5.6. */
export async function ownSubscriptions(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<Element> {
  const node = request.attr("node");
  const rows = await nodes.stores.nodes.subscriptions(realm.owner, node ?? null, jid.bare);
  const elements = rows.map((row) => subscriptionElement(row, NS.pubsub));
  return el("subscriptions", NS.pubsub, { node }, ...elements);
}

/** Sends the node's newest item, late (XEP-0060 6.1.7). */
async function sendLast(nodes: Nodes, realm: Realm, { config, found }: Visit, to: Jid): Promise<void> {
  if (config.sendLastPublishedItem === "never" || !config.deliverNotifications || !config.persistItems) return;
  const query = { now: nodes.clock.now(), limit: 1, maxBytes: Number.MAX_SAFE_INTEGER };
  const item = (await nodes.stores.nodes.items(realm.owner, found.node, query))?.items[0];
  if (item !== undefined)
    tell(realm, to, { node: found.node, config, event: { kind: "published", items: [item] }, at: item.at });
}

/** Asks the owners (XEP-0060 8.6), or tells them where the node says so (notify_sub, 16.4.4). */
async function tellOwners(
  nodes: Nodes,
  realm: Realm,
  { config, found }: Visit,
  { jid, subid }: { readonly jid: string; readonly subid: string },
  state: SubscriptionState | "none",
): Promise<void> {
  if (!config.notifySub && state !== "pending") return;
  const rows = await nodes.stores.nodes.affiliations(realm.owner, found.node, null);
  const owners = rows.filter(({ affiliation }) => affiliation === "owner").map((row) => Jid.parse(row.jid));
  if (realm.user !== null) owners.push(realm.user);
  const event = { kind: "subscription", jid, state } as const;
  for (const owner of owners) {
    if (config.notifySub) tell(realm, owner, { node: found.node, config, event });
    if (state !== "pending") continue;
    realm.send(authorizationRequest(realm.address.full, found.node, jid, subid).with({ to: owner.full }));
  }
}

/** The JID to be subscribed. */
function subscriberOf(request: Element): Jid {
  const text = request.attr("jid");
  const jid = text === undefined ? undefined : Jid.tryParse(text);
  if (jid === undefined) throw refusal("bad-request", text === undefined ? "jid-required" : "invalid-jid");
  return jid;
}

/** Of the sender's account, whichever of its resources (XEP-0060 6.1.3.1, 6.2.3.4)? */
function isOf(subscriber: Jid, sender: Jid): boolean {
  return subscriber.bare === sender.bare;
}

async function ownSubscription(
  { stores }: Nodes,
  realm: Realm,
  node: string,
  jid: Jid,
): Promise<SubscriptionRow | undefined> {
  const rows = await stores.nodes.subscriptions(realm.owner, node, jid.bare);
  return rows.find((row) => row.jid === jid.full);
}
