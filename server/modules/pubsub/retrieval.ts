import type { ItemPage, ItemQuery } from "../../storage/ports.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { escapeAttribute } from "../../xmpp/escape.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { pageElement, type PageWish, parsePageWish } from "../../xmpp/rsm.ts";
import { readRefusal } from "./access.ts";
import { itemText } from "./event.ts";
import { nodeName, type Nodes, notThere, visitIfAny } from "./nodes.ts";
import type { Realm } from "./realm.ts";
import { unsupported } from "./refusal.ts";

/** A longer answer would not be read by everybody: what is left out can be asked for by page (XEP-0059). */
const maxAnswerBytes = 512 * 1024;
/** As in result sets: those who want everything ask for the largest number that they know. */
const COUNT = /^\d{1,20}$/;

/** `<items/>`, XEP-0060 6.5: newest first. Resolves with `<pubsub/>` as text. */
export async function retrieve(nodes: Nodes, realm: Realm, jid: Jid, pubsub: Element): Promise<string> {
  const request = pubsub.child("items")!;
  const node = nodeName(request);
  const found = await visitIfAny(nodes, realm, node, jid);
  if (found === null) {
    if (jid.bare !== realm.user?.bare || !(await realm.isEmptyIfAbsent(node))) throw notThere();
    return itemsOf(node, "");
  }
  const refused = await readRefusal(realm, found, "items");
  if (refused !== null) throw refused;
  if (!found.config.persistItems) throw unsupported("persistent-items");
  const set = pubsub.child("set", NS.rsm);
  const query = itemQuery(nodes.clock.now(), request, set, realm.rules.maxItems);
  const page = await nodes.stores.nodes.items(realm.owner, node, query);
  if (page === null) throw StanzaError.of("item-not-found");
  const isPaged = query.ids === undefined && (set !== undefined || (page.isPartial && !request.attrs.has("max_items")));
  const items = page.items.map((item) => itemText(item, found.config));
  return itemsOf(node, items.join(""), isPaged ? String(pageOf(page)) : "");
}

function itemsOf(node: string, items: string, page = ""): string {
  return `<pubsub xmlns='${NS.pubsub}'><items node='${escapeAttribute(node)}'>${items}</items>${page}</pubsub>`;
}

function itemQuery(now: number, request: Element, set: Element | undefined, maxItems: number): ItemQuery {
  const ids = request.elements("item").map((item) => item.attr("id") ?? "");
  const base = { now, maxBytes: maxAnswerBytes };
  if (ids.length > 0) return { ...base, ids: [...new Set(ids)].slice(0, maxItems), limit: maxItems };
  const most = request.attr("max_items");
  if (most !== undefined && !COUNT.test(most)) throw StanzaError.of("bad-request", "max_items is no number");
  const limit = Math.min(most === undefined ? maxItems : Number(most), maxItems);
  const wish = parsePageWish(set);
  if (wish === undefined) throw StanzaError.of("bad-request", "the page makes no sense");
  return { ...base, ...pageQuery(wish), limit: Math.min(limit, wish.max ?? limit) };
}

/** `after` an item come older ones, for the newest is the first. */
function pageQuery({ after, before, index }: PageWish): Partial<ItemQuery> {
  if (index !== undefined) throw StanzaError.of("feature-not-implemented", "pages are not found by number");
  if (after !== undefined) return { olderThan: after };
  if (before === undefined) return {};
  return before === "" ? { fromOldest: true } : { newerThan: before, fromOldest: true };
}

function pageOf({ items, total }: ItemPage): Element {
  return pageElement({ first: items[0]?.id, last: items.at(-1)?.id, count: total });
}
