import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";

export const NS_PRIVACY = "jabber:iq:privacy";
/** What a rule without any of them is about as well (XEP-0016 2.1). */
const kinds = ["iq", "message", "presence-in", "presence-out"];

interface Rule {
  readonly action: "allow" | "deny";
  readonly order: number;
  readonly type: string | undefined;
  readonly value: string;
  /** About all that goes between the two. */
  readonly isForAll: boolean;
}

/**
 * Whom a privacy list blocks, if blocking is all it does: denials of everything, by JID, and after them whatever is allowed.
 * Throws StanzaError: what it says wrongly as the clauses name it, what it can say and a block list cannot as
 * feature-not-implemented.
 */
export function blockedBy(list: Element): string[] {
  const rules = list
    .elements("item")
    .map(readRule)
    .toSorted((one, other) => one.order - other.order);
  if (new Set(rules.map(({ order }) => order)).size !== rules.length)
    throw StanzaError.of("bad-request", "two items have the same order");
  const denials = rules.slice(0, rules.findLastIndex(({ action }) => action === "deny") + 1);
  const jids = denials.map(({ action, type, value, isForAll }) => {
    if (action === "allow" || type !== "jid" || !isForAll) throw unmappable();
    const jid = Jid.tryParse(value);
    if (jid === undefined) throw StanzaError.of("bad-request", "a value is no address");
    return jid.full;
  });
  return [...new Set(jids)];
}

/** The block list as a privacy list. */
export function privacyList(name: string, jids: Iterable<string>): Element {
  const rules = Array.from(jids, (value, index) =>
    el("item", NS_PRIVACY, { type: "jid", value, action: "deny", order: String(index + 1) }),
  );
  const rest = el("item", NS_PRIVACY, { action: "allow", order: String(rules.length + 1) });
  return el("list", NS_PRIVACY, { name }, ...rules, rest);
}

export function unmappable(): StanzaError {
  return StanzaError.of(
    "feature-not-implemented",
    "There is one privacy list, always in force: it denies addresses everything, and allows all others.",
  );
}

function readRule(item: Element): Rule {
  const action = item.attr("action");
  const order = item.attr("order") ?? "";
  const type = item.attr("type");
  if ((action !== "allow" && action !== "deny") || !/^\d{1,10}$/.test(order))
    throw StanzaError.of("bad-request", "an item has no action or no order");
  if (type !== undefined && item.attr("value") === undefined)
    throw StanzaError.of("bad-request", "an item has a type and no value");
  const about = item.elements().map(({ name }) => name);
  const isForAll = about.length === 0 || kinds.every((kind) => about.includes(kind));
  return { action, order: Number(order), type, value: item.attr("value") ?? "", isForAll };
}
