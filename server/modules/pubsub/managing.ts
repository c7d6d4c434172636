import type { Affiliation, SubscriptionState } from "../../storage/ports.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { listPage } from "../../xmpp/list-page.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { requireOwner } from "./access.ts";
import { NS_OWNER } from "./names.ts";
import { inTurn, nodeName, type Nodes, visit } from "./nodes.ts";
import type { Realm } from "./realm.ts";
import { refusal } from "./refusal.ts";
import { newSubid } from "./subscription.ts";
import { tell } from "./tell.ts";

/** What one request may change. */
const maxChanges = 500;
const affiliations: ReadonlySet<string> = new Set<Affiliation>([
  "owner",
  "publisher",
  "publish-only",
  "member",
  "outcast",
]);

function isAffiliation(text: string): text is Affiliation {
  return affiliations.has(text);
}

/** The node's `<subscriptions/>`, for its owner (XEP-0060 8.8.1). */
export async function subscribers(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<Element> {
  const node = nodeName(request);
  requireOwner(await visit(nodes, realm, node, jid));
  const rows = await nodes.stores.nodes.subscriptions(realm.owner, node, null);
  const elements = listPage(
    request,
    rows,
    ({ subid }) => subid,
    ({ jid: subscriber, state, subid }) =>
      el("subscription", NS_OWNER, { jid: subscriber, subscription: state, subid }),
  );
  return el("subscriptions", NS_OWNER, { node }, ...elements);
}

/** XEP-0060 8.8.2. Those concerned are told (8.8.4). */
export async function setSubscribers(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<void> {
  const node = nodeName(request);
  const wanted = changesIn(request, "subscription").map(({ element, subscriber }) => {
    const state = element.attr("subscription");
    if (state !== "none" && state !== "pending" && state !== "subscribed") throw StanzaError.of("not-acceptable");
    return { subscriber, state } as const;
  });
  await decide(nodes, realm, jid, node, wanted);
}

/** An owner says who has subscribed. `subid`: only the subscription of that id is meant. Throws StanzaError. */
export async function decide(
  nodes: Nodes,
  realm: Realm,
  jid: Jid,
  node: string,
  wanted: readonly { readonly subscriber: Jid; readonly state: SubscriptionState | "none" }[],
  subid?: string,
): Promise<void> {
  await inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    requireOwner(found);
    const rows = await nodes.stores.nodes.subscriptions(realm.owner, node, null);
    const known = new Map(rows.map((row) => [row.jid, row]));
    await requireConsent(realm, known, wanted);
    if (subid !== undefined && wanted.some(({ subscriber }) => known.get(subscriber.full)?.subid !== subid)) {
      throw refusal("not-acceptable", "invalid-subid");
    }
    const changes = wanted.map(({ subscriber, state }) => ({
      jid: subscriber.full,
      state: state === "none" ? null : state,
      subid: known.get(subscriber.full)?.subid ?? newSubid(),
    }));
    if (!(await nodes.stores.nodes.setSubscriptions(realm.owner, node, changes, realm.maxSubscriptions))) {
      throw refusal("policy-violation", "too-many-subscriptions", { type: "wait" });
    }
    for (const { subscriber, state } of wanted) {
      if ((known.get(subscriber.full)?.state ?? "none") === state) continue;
      const event = { kind: "subscription", jid: subscriber.full, state } as const;
      tell(realm, subscriber, { node, config: found.config, event });
    }
  });
}

/**
 * An account's items reach those who asked for them and its contacts: nobody makes a stranger a subscriber. Owners of a
 * service's nodes may (XEP-0060 8.8.2). Throws StanzaError `not-allowed`.
 */
async function requireConsent(
  realm: Realm,
  known: ReadonlyMap<string, unknown>,
  wanted: readonly { readonly subscriber: Jid; readonly state: SubscriptionState | "none" }[],
): Promise<void> {
  if (realm.user === null) return;
  for (const { state, subscriber } of wanted) {
    const hasAgreed = state === "none" || known.has(subscriber.full) || subscriber.bare === realm.user.bare;
    if (!hasAgreed && !(await realm.isContact(subscriber)))
      throw StanzaError.of("not-allowed", `${subscriber.full} has not asked for it`);
  }
}

/** Own `<affiliations/>`, XEP-0060 5.7. */
export async function ownAffiliations(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<Element> {
  const node = request.attr("node");
  const rows =
    realm.user?.bare === jid.bare
      ? (await nodes.stores.nodes.list(realm.owner))
          .filter((row) => node === undefined || row.node === node)
          .map((row) => ({ node: row.node, affiliation: "owner" }))
      : await nodes.stores.nodes.affiliations(realm.owner, node ?? null, jid.bare);
  const elements = rows.map((row) => el("affiliation", NS.pubsub, { node: row.node, affiliation: row.affiliation }));
  return el("affiliations", NS.pubsub, { node }, ...elements);
}

/** The node's `<affiliations/>`, for its owner (XEP-0060 8.9.1). */
export async function affiliates(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<Element> {
  const node = nodeName(request);
  requireOwner(await visit(nodes, realm, node, jid));
  const rows: { readonly jid: string; readonly affiliation: Affiliation }[] = [
    ...(realm.user === null ? [] : [{ jid: realm.user.bare, affiliation: "owner" as const }]),
    ...(await nodes.stores.nodes.affiliations(realm.owner, node, null)),
  ];
  const elements = listPage(
    request,
    rows,
    (row) => row.jid,
    (row) => el("affiliation", NS_OWNER, { jid: row.jid, affiliation: row.affiliation }),
  );
  return el("affiliations", NS_OWNER, { node }, ...elements);
}

/** XEP-0060 8.9.2. A node keeps at least one owner; whoever becomes an outcast loses the subscription. */
export async function setAffiliates(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<void> {
  const node = nodeName(request);
  const changes = changesIn(request, "affiliation").map(({ element, subscriber }) => {
    const affiliation = element.attr("affiliation") ?? "";
    if (affiliation !== "none" && !isAffiliation(affiliation)) throw StanzaError.of("not-acceptable");
    return { jid: subscriber.bare, affiliation: affiliation === "none" ? null : affiliation };
  });
  await inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    requireOwner(found);
    const rows = await nodes.stores.nodes.affiliations(realm.owner, node, null);
    const after = new Map<string, Affiliation | null>(rows.map((row) => [row.jid, row.affiliation]));
    for (const change of changes) {
      if (change.jid === realm.user?.bare) throw StanzaError.of("not-acceptable", "the account owns its nodes");
      after.set(change.jid, change.affiliation);
    }
    const hasOwner = realm.user !== null || [...after.values()].includes("owner");
    if (!hasOwner) throw StanzaError.of("not-acceptable", "a node needs an owner");
    if (after.size > realm.maxSubscriptions)
      throw StanzaError.of("policy-violation", "there are too many affiliations");
    await nodes.stores.nodes.setAffiliations(realm.owner, node, changes);
    await dropOutcasts(nodes, realm, node, changes);
  });
}

async function dropOutcasts(
  { stores }: Nodes,
  realm: Realm,
  node: string,
  changes: readonly { readonly jid: string; readonly affiliation: Affiliation | null }[],
): Promise<void> {
  for (const { affiliation, jid } of changes) {
    if (affiliation !== "outcast") continue;
    const rows = await stores.nodes.subscriptions(realm.owner, node, jid);
    const gone = rows.map((row) => ({ jid: row.jid, state: null, subid: row.subid }));
    await stores.nodes.setSubscriptions(realm.owner, node, gone, realm.maxSubscriptions);
  }
}

function changesIn(request: Element, name: "affiliation" | "subscription"): { element: Element; subscriber: Jid }[] {
  const elements = request.elements(name);
  if (elements.length > maxChanges) throw StanzaError.of("policy-violation", `no more than ${maxChanges} at once`);
  return elements.map((element) => {
    const subscriber = Jid.tryParse(element.attr("jid") ?? "");
    if (subscriber === undefined) throw refusal("bad-request", "invalid-jid");
    return { element, subscriber };
  });
}
