import { formatDateTime } from "../../xmpp/datetime.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { buildForm, type FormField } from "../../xmpp/forms.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { affiliationAt, readRefusal } from "./access.ts";
import { writtenField } from "./config-form.ts";
import { readConfig } from "./config.ts";
import { NS_META_DATA } from "./names.ts";
import { type Nodes, visit } from "./nodes.ts";
import type { Realm } from "./realm.ts";

/** Fields of the configuration that are metadata as well (XEP-0060 5.4). */
const CONFIGURED = [
  "pubsub#title",
  "pubsub#description",
  "pubsub#type",
  "pubsub#language",
  "pubsub#access_model",
  "pubsub#publish_model",
  "pubsub#max_items",
];

/** What disco#info says of a node, XEP-0060 5.3 and 5.4. Throws StanzaError. */
export async function nodeInfo(nodes: Nodes, realm: Realm, jid: Jid, node: string): Promise<readonly Element[]> {
  const found = await visit(nodes, realm, node, jid);
  const refused = await readRefusal(realm, found, "subscribe");
  if (refused !== null) throw refused;
  const subscribers = await nodes.stores.nodes.subscriptions(realm.owner, node, null);
  const active = subscribers.filter(({ state }) => state === "subscribed").length;
  const fields: FormField[] = CONFIGURED.map((name) => ({
    var: name,
    type: name === "pubsub#access_model" || name === "pubsub#publish_model" ? "list-single" : "text-single",
    values: writtenField(found.config, realm.rules, name),
  }));
  const { createdAt, creator } = found.found;
  fields.push(
    { var: "pubsub#creation_date", type: "text-single", values: [formatDateTime(createdAt)] },
    { var: "pubsub#creator", type: "jid-single", values: [creator] },
    { var: "pubsub#num_subscribers", type: "text-single", values: [String(active)] },
  );
  return [
    el("identity", NS.discoInfo, { category: "pubsub", type: "leaf", name: found.config.title || undefined }),
    ...[NS.pubsub, NS.discoInfo, NS.discoItems].map((feature) => el("feature", NS.discoInfo, { var: feature })),
    buildForm("result", fields, { formType: NS_META_DATA }),
  ];
}

/** Its items as disco#items, XEP-0060 5.5: newest first. Throws StanzaError. */
export async function nodeItems(nodes: Nodes, realm: Realm, jid: Jid, node: string): Promise<readonly Element[]> {
  const found = await visit(nodes, realm, node, jid);
  const refused = await readRefusal(realm, found, "items");
  if (refused !== null) throw refused;
  const ids = await nodes.stores.nodes.itemIds(realm.owner, node, nodes.clock.now());
  return ids.map((id) => el("item", NS.discoItems, { jid: realm.address.bare, name: id }));
}

/** The nodes that `jid` may subscribe to as disco#items, XEP-0060 5.2. */
export async function nodeList({ stores }: Nodes, realm: Realm, jid: Jid): Promise<readonly Element[]> {
  const [rows, affiliations, subscriptions] = await Promise.all([
    stores.nodes.list(realm.owner),
    stores.nodes.affiliations(realm.owner, null, jid.bare),
    stores.nodes.subscriptions(realm.owner, null, jid.bare),
  ]);
  const standing = new Map(affiliations.map((row) => [row.node, row.affiliation]));
  const subscribed = new Map(subscriptions.map((row) => [row.node, row.state]));
  const items: Element[] = [];
  for (const row of rows) {
    const config = readConfig(row.config, realm.rules.defaults);
    const stored = standing.get(row.node) ?? null;
    const affiliation = affiliationAt(realm, jid, stored);
    const found = { ...row, affiliation: stored, subscription: subscribed.get(row.node) ?? null };
    if ((await readRefusal(realm, { jid, found, config, affiliation }, "subscribe")) !== null) continue;
    const name = config.title === "" ? undefined : config.title;
    items.push(el("item", NS.discoItems, { jid: realm.address.bare, node: row.node, name }));
  }
  return items;
}
