import { randomBytes } from "node:crypto";
import type { NewItem } from "../../storage/ports.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { parseBoolean, parseForm } from "../../xmpp/forms.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { requireOwner, requirePublisher } from "./access.ts";
import { readConfigForm } from "./config-form.ts";
import {
  isAsConfigured,
  itemLimit,
  newConfig,
  type NodeConfig,
  payloadLimit,
  type ConfigRules,
  writeConfig,
} from "./config.ts";
import { NS_PUBLISH_OPTIONS } from "./names.ts";
import { checkedName, inTurn, nodeName, type Nodes, visit, visitIfAny } from "./nodes.ts";
import type { NodeChange, Realm } from "./realm.ts";
import { refusal, tooManyNodes, unsupported } from "./refusal.ts";

/** What is to be put into a node. */
export interface Publication {
  readonly node: string;
  readonly items: readonly { readonly id: string; readonly payload: string }[];
  /** Preconditions, or the configuration of a node that comes about by it (XEP-0060 7.1.5). */
  readonly wanted: Partial<NodeConfig>;
}

/** `<publish/>`, XEP-0060 7.1. Resolves with the `<publish/>` of the result when it is on disk and announced. */
export async function publish(nodes: Nodes, realm: Realm, jid: Jid, pubsub: Element): Promise<Element> {
  const request = pubsub.child("publish")!;
  const items = request.elements("item").map((item) => {
    const payloads = item.elements();
    if (payloads.length > 1) throw refusal("bad-request", "invalid-payload");
    const id = item.attr("id") ?? "";
    return { id: id === "" ? newItemId() : checkedName(id), payload: payloads.length === 0 ? "" : String(payloads[0]) };
  });
  const publication = { node: nodeName(request), items, wanted: wantedConfig(pubsub.child("publish-options")) };
  await publishAll(nodes, realm, jid, publication);
  return el("publish", NS.pubsub, { node: publication.node }, ...items.map(({ id }) => el("item", NS.pubsub, { id })));
}

/** Stores and announces it, then tells other modules. Throws StanzaError. */
export async function publishAll(nodes: Nodes, realm: Realm, jid: Jid, publication: Publication): Promise<void> {
  await inTurn(nodes, realm, () => store(nodes, realm, jid, publication));
  await realm.changed(changeOf(publication.node, { published: publication.items }));
}

async function store(nodes: Nodes, realm: Realm, jid: Jid, publication: Publication): Promise<void> {
  const { node, items, wanted } = publication;
  const { rules } = realm;
  const found = await visitIfAny(nodes, realm, node, jid);
  if (found === null && !realm.mayCreate(jid)) throw StanzaError.of("item-not-found");
  if (found !== null) {
    requirePublisher(found);
    if (!isAsConfigured(found.config, wanted, rules)) throw refusal("conflict", "precondition-not-met");
  }
  const config = found?.config ?? newConfig(node, wanted, rules);
  checkItems(items, config, rules);
  const at = nodes.clock.now();
  const rows = items.map(({ id, payload }): NewItem => ({
    id,
    payload,
    publisher: jid.full,
    at,
    expiresAt: config.itemExpire === null ? null : at + config.itemExpire * 1000,
  }));
  const outcome = await nodes.stores.nodes.publish(
    realm.owner,
    node,
    config.persistItems ? rows : [],
    found === null ? { config: writeConfig(config), createdAt: at, creator: jid.bare } : null,
    itemLimit(config, rules),
    realm.limits,
  );
  switch (outcome.kind) {
    case "published":
      break;
    case "no-node":
      throw StanzaError.of("item-not-found");
    case "too-many-nodes":
    case "too-many-of-creator":
      throw tooManyNodes(outcome.kind);
    case "too-many-bytes":
      throw StanzaError.of("resource-constraint", `no more than ${realm.limits.maxBytes} bytes`, { type: "cancel" });
    case "too-many-bytes-in-node": {
      const text = `no more than ${realm.limits.maxBytesOfNode} bytes in one node`;
      throw StanzaError.of("resource-constraint", text, { type: "cancel" });
    }
  }
  const announced = items.length === 0 ? [{ id: newItemId(), payload: "", publisher: jid.full }] : rows;
  await realm.announce({ node, config, event: { kind: "published", items: announced }, publisher: jid.full });
}

/** XEP-0060 7.1.3, by what the node keeps and delivers. */
function checkItems(items: Publication["items"], config: NodeConfig, rules: ConfigRules): void {
  if (items.length === 0 && (config.persistItems || config.deliverPayloads))
    throw refusal("bad-request", "item-required");
  if (!config.persistItems && !config.deliverPayloads && items.length > 0)
    throw refusal("bad-request", "item-forbidden");
  const limit = payloadLimit(config, rules);
  if (config.persistItems && items.length > itemLimit(config, rules))
    throw refusal("not-allowed", "max-items-exceeded");
  for (const { payload } of items) {
    if (payload === "" && config.deliverPayloads) throw refusal("bad-request", "payload-required");
    if (Buffer.byteLength(payload) > limit) {
      throw refusal("not-acceptable", "payload-too-big", { text: `no more than ${limit} bytes` });
    }
  }
}

/** XEP-0060 7.1.5: every field is a precondition, also one that nobody here knows. */
function wantedConfig(options: Element | undefined): Partial<NodeConfig> {
  if (options === undefined) return {};
  const form = parseForm(options.child("x", NS.forms) ?? options);
  if (form === undefined || form.type !== "submit") throw StanzaError.of("bad-request", "the options are no form");
  if (form.formType !== undefined && form.formType !== NS_PUBLISH_OPTIONS) {
    throw StanzaError.of("bad-request", "the form is none of publish options");
  }
  return readConfigForm(form, () => refusal("conflict", "precondition-not-met"));
}

/** `<retract/>`, XEP-0060 7.2. */
export async function retract(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<void> {
  const node = nodeName(request);
  const ids = request.elements("item").map((item) => item.attr("id") ?? "");
  if (ids.length === 0 || ids.includes("")) throw refusal("bad-request", "item-required");
  const wantsNotice = parseBoolean(request.attr("notify"));
  await retractAll(nodes, realm, jid, { node, ids, wantsNotice });
}

/** Throws StanzaError, `item-not-found` when none of the items is there. `wantsNotice`: undefined: as the node says. */
export async function retractAll(
  nodes: Nodes,
  realm: Realm,
  jid: Jid,
  what: { readonly node: string; readonly ids: readonly string[]; readonly wantsNotice?: boolean | undefined },
): Promise<void> {
  const { node, ids, wantsNotice } = what;
  const retracted = await inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    requirePublisher(found);
    if (!found.config.persistItems) throw unsupported("persistent-items");
    if (found.affiliation !== "owner") await requireOwnItems(nodes, realm, jid, node, ids);
    const gone = await nodes.stores.nodes.retract(realm.owner, node, ids);
    if (gone.length === 0) throw StanzaError.of("item-not-found");
    if (wantsNotice ?? found.config.notifyRetract) {
      const event = { kind: "retracted", ids: gone } as const;
      await realm.announce({ node, config: found.config, event, publisher: null });
    }
    return gone;
  });
  await realm.changed(changeOf(node, { retracted }));
}

/** A publisher takes back what it published, and no more. */
async function requireOwnItems(
  { clock, stores }: Nodes,
  realm: Realm,
  jid: Jid,
  node: string,
  ids: readonly string[],
): Promise<void> {
  const query = { now: clock.now(), ids, limit: ids.length, maxBytes: Number.MAX_SAFE_INTEGER };
  const page = await stores.nodes.items(realm.owner, node, query);
  const isOwn = (publisher: string): boolean => publisher === jid.bare || publisher.startsWith(`${jid.bare}/`);
  if (page?.items.some(({ publisher }) => !isOwn(publisher)) === true) throw StanzaError.of("forbidden");
}

/** `<purge/>`, XEP-0060 8.5. */
export async function purge(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<void> {
  const node = nodeName(request);
  await inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    requireOwner(found);
    if (!found.config.persistItems) throw unsupported("persistent-items");
    await nodes.stores.nodes.purge(realm.owner, node);
    if (found.config.notifyRetract) {
      await realm.announce({ node, config: found.config, event: { kind: "purged" }, publisher: null });
    }
  });
  await realm.changed(changeOf(node, { isEmptied: true }));
}

/** `<delete/>`, XEP-0060 8.4. */
export async function remove(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<void> {
  const node = nodeName(request);
  await inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    requireOwner(found);
    // Afterwards nobody knows who has subscribed.
    if (found.config.notifyDelete) {
      await realm.announce({ node, config: found.config, event: { kind: "deleted" }, publisher: null });
    }
    await nodes.stores.nodes.remove(realm.owner, node);
  });
  await realm.changed(changeOf(node, { isEmptied: true }));
}

function changeOf(node: string, change: Partial<NodeChange>): NodeChange {
  return { node, published: [], retracted: [], isEmptied: false, ...change };
}

function newItemId(): string {
  return randomBytes(12).toString("base64url");
}
