import { areKeys, type KeySet, type ScramMechanism, SCRAM_MECHANISMS } from "../../core/credentials.ts";
import type { RosterItem } from "../../storage/ports.ts";
import type { Element } from "../../xmpp/element.ts";
import { parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";

/** Readers of what XEP-0227 documents hold of an account. What makes no sense is left out: undefined, or nothing. */

const subscriptions: readonly string[] = ["none", "to", "from", "both"] satisfies RosterItem["subscription"][];
const maxName = 1023;

function isSubscription(text: string): text is RosterItem["subscription"] {
  return subscriptions.includes(text);
}

/** XEP-0227 4.3; the mechanism with its keys. */
export function readKeys(element: Element): readonly [ScramMechanism, NonNullable<KeySet[ScramMechanism]>] | undefined {
  const mechanism = SCRAM_MECHANISMS.find((one) => one === element.attr("mechanism"));
  const text = (name: string): string => (element.childText(name) ?? "").trim();
  const keys = {
    salt: text("salt"),
    iterations: Number(text("iter-count")),
    storedKey: text("stored-key"),
    serverKey: text("server-key"),
  };
  return mechanism !== undefined && areKeys(mechanism, keys) ? [mechanism, keys] : undefined;
}

/** `renamed`: what its address is here. */
export function readContact(item: Element, user: Jid, renamed: (jid: Jid) => Jid): RosterItem | undefined {
  const given = Jid.tryParse(item.attr("jid") ?? "")?.toBare();
  const jid = given === undefined ? undefined : renamed(given);
  const subscription = item.attr("subscription") ?? "none";
  if (jid === undefined || jid.equals(user) || !isSubscription(subscription)) return undefined;
  const groups = item.elements("group").map((group) => group.text);
  return {
    jid: jid.bare,
    name: (item.attr("name") ?? "").slice(0, maxName),
    subscription,
    ask: item.attr("ask") === "subscribe",
    approved: item.attr("approved") === "true" || item.attr("approved") === "1",
    groups: [...new Set(groups)].filter((group) => group !== "" && group.length <= maxName).slice(0, 100),
  };
}

/** Who is blocked, by a block list or by a privacy list that denies everything of a JID (XEP-0016). */
export function readBlocked(element: Element, renamed: (jid: Jid) => Jid): string[] {
  const items = element.is("blocklist", element.ns)
    ? element.elements("item").map((item) => item.attr("jid"))
    : deniedIn(element);
  return items.flatMap((text) => {
    const jid = Jid.tryParse(text ?? "");
    return jid === undefined ? [] : renamed(jid).full;
  });
}

function deniedIn(privacy: Element): (string | undefined)[] {
  const name = privacy.child("default")?.attr("name");
  const list = privacy.elements("list").find((one) => one.attr("name") === name);
  return (list?.elements("item") ?? [])
    .filter((item) => item.attr("type") === "jid" && item.attr("action") === "deny" && item.payload === undefined)
    .map((item) => item.attr("value"));
}

/** Fields of a node's configuration that were set. */
export function readNodeConfig(configure: Element): { node: string; options: Record<string, string> } | undefined {
  const node = configure.attr("node") ?? "";
  const element = configure.child("x", NS.forms);
  const form = element === undefined ? undefined : parseForm(element);
  if (node === "" || form === undefined) return undefined;
  const options = [...form.values].flatMap(([name, [value]]) =>
    name.startsWith("pubsub#") && value !== undefined ? [[name, value] as const] : [],
  );
  return { node, options: Object.fromEntries(options) };
}
