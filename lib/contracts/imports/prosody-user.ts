import type { LuaTable, LuaValue } from "./lua-data.ts";
import { attributeOf, isTable, prosodyElement, textOf } from "./prosody-element.ts";
import { xmlElement, xmlText } from "./xml-text.ts";

/** Tables of an account by the name of their store: `accounts`, `roster`, `pep_NODE` and so on. */
export type ProsodyStores = ReadonlyMap<string, readonly LuaTable[]>;

const pie = "urn:xmpp:pie:0";
const client = "jabber:client";
const pubsub = "http://jabber.org/protocol/pubsub";

/** An account with what it owns as XEP-0227 has it; null: the stores hold no account. */
export function prosodyUser(name: string, stores: ProsodyStores): string | null {
  const [account] = stores.get("accounts") ?? [];
  if (account === undefined) return null;
  const password = textOf(account.named.get("password"));
  return xmlElement(
    "user",
    { name, ...(password === undefined ? {} : { password }) },
    [
      password === undefined ? keys(account) : "",
      ...tables(stores, "roster").map(roster),
      ...tables(stores, "vcard").map((table) => prosodyElement(table, [], { xmlns: "vcard-temp" })),
      privateXml(stores),
      ...tables(stores, "blocklist").map(blocklist),
      offline(tables(stores, "offline")),
      archive(tables(stores, "archive")),
      nodes(stores),
    ].join(""),
  );
}

function tables(stores: ProsodyStores, name: string): readonly LuaTable[] {
  return stores.get(name) ?? [];
}

/** XEP-0227 4.3. Prosody keeps the salt as text and the keys as hexadecimal digits. */
function keys({ named }: LuaTable): string {
  const [salt, stored, server] = ["salt", "stored_key", "server_key"].map((name) => textOf(named.get(name)));
  const iterations = textOf(named.get("iteration_count"));
  if (salt === undefined || stored === undefined || server === undefined || iterations === undefined) return "";
  // The length of a key is that of its hash: SHA-1 has 20 bytes, SHA-256 has 32.
  const mechanism = stored.length === 64 ? "SCRAM-SHA-256" : "SCRAM-SHA-1";
  return xmlElement(
    "scram-credentials",
    { xmlns: `${pie}#scram`, mechanism },
    [
      xmlElement("iter-count", {}, iterations),
      xmlElement("salt", {}, base64(new TextEncoder().encode(salt))),
      xmlElement("server-key", {}, base64(bytesOf(server))),
      xmlElement("stored-key", {}, base64(bytesOf(stored))),
    ].join(""),
  );
}

function roster({ named, meta }: LuaTable): string {
  const items = [...named].flatMap(([jid, item]) => (isTable(item) ? [contact(jid, item)] : []));
  const pending = isTable(meta) ? meta.named.get("pending") : undefined;
  const requests = isTable(pending) ? [...pending.named].map(([from, value]) => request(from, value)) : [];
  return xmlElement("query", { xmlns: "jabber:iq:roster" }, items.join("")) + requests.join("");
}

function contact(jid: string, { named }: LuaTable): string {
  const groups = named.get("groups");
  const names = isTable(groups) ? [...groups.named.keys()] : [];
  const attributes = {
    jid,
    name: textOf(named.get("name")),
    subscription: textOf(named.get("subscription")),
    ask: textOf(named.get("ask")),
    approved: named.get("approved") === "true" || named.get("approved") === true ? "true" : undefined,
  };
  return xmlElement("item", attributes, names.map((name) => textElement("group", name)).join(""));
}

/** Somebody who asked for a subscription and was not answered yet. */
function request(from: string, value: LuaValue): string {
  if (isTable(value)) return prosodyElement(value, ["from"], { xmlns: client, from });
  return xmlElement("presence", { xmlns: client, type: "subscribe", from });
}

function privateXml(stores: ProsodyStores): string {
  const elements = tables(stores, "private").flatMap(({ named }) =>
    [...named.values()].map((each) => prosodyElement(each)),
  );
  return elements.length === 0 ? "" : xmlElement("query", { xmlns: "jabber:iq:private" }, elements.join(""));
}

function blocklist({ named }: LuaTable): string {
  const items = [...named.keys()].map((jid) => xmlElement("item", { jid })).join("");
  return items === "" ? "" : xmlElement("blocklist", { xmlns: "urn:xmpp:blocking" }, items);
}

function offline(messages: readonly LuaTable[]): string {
  const all = messages.map((message) => {
    const stamp = stampOf(message);
    const delay = stamp === undefined ? "" : xmlElement("delay", { xmlns: "urn:xmpp:delay", stamp });
    return prosodyElement(message, ["stamp", "stamp_legacy"], { xmlns: client }, delay);
  });
  return all.length === 0 ? "" : xmlElement("offline-messages", {}, all.join(""));
}

/** XEP-0227 4.5. */
function archive(messages: readonly LuaTable[]): string {
  const results = messages.map((message) => {
    const stamp = stampOf(message);
    const delay = stamp === undefined ? "" : xmlElement("delay", { xmlns: "urn:xmpp:delay", stamp });
    const forwarded = delay + prosodyElement(message, ["stamp", "stamp_legacy"], { xmlns: client });
    return xmlElement(
      "result",
      { xmlns: "urn:xmpp:mam:2", id: textOf(message.named.get("key")) },
      xmlElement("forwarded", { xmlns: "urn:xmpp:forward:0" }, forwarded),
    );
  });
  return results.length === 0 ? "" : xmlElement("archive", { xmlns: `${pie}#mam` }, results.join(""));
}

function stampOf(message: LuaTable): string | undefined {
  const when = message.named.get("when");
  return attributeOf(message, "stamp") ?? (typeof when === "number" ? new Date(when * 1000).toISOString() : undefined);
}

/** Nodes of the account (XEP-0163): their settings, and their items. */
function nodes(stores: ProsodyStores): string {
  const settings = tables(stores, "pep").flatMap(({ named }) =>
    [...named].map(([node, value]) => (isTable(value) ? configured(node, value.named.get("config")) : "")),
  );
  const items = [...stores].map(([store, kept]) => (store.startsWith("pep_") ? itemsOf(store.slice(4), kept) : ""));
  const owner = settings.join("");
  const published = items.join("");
  return (
    (owner === "" ? "" : xmlElement("pubsub", { xmlns: `${pubsub}#owner` }, owner)) +
    (published === "" ? "" : xmlElement("pubsub", { xmlns: pubsub }, published))
  );
}

function configured(node: string, config: LuaValue | undefined): string {
  if (!isTable(config)) return "";
  const fields = [...config.named].flatMap(([name, value]) =>
    name.startsWith("_") || isTable(value) || value === null ? [] : [field(`pubsub#${name}`, formValue(value))],
  );
  if (fields.length === 0) return "";
  const form = field("FORM_TYPE", `${pubsub}#node_config`, "hidden") + fields.join("");
  return xmlElement("configure", { node }, xmlElement("x", { xmlns: "jabber:x:data", type: "submit" }, form));
}

function itemsOf(node: string, kept: readonly LuaTable[]): string {
  const items = kept.map((item) =>
    xmlElement("item", { id: textOf(item.named.get("key")) }, prosodyElement(item, ["stamp"])),
  );
  return items.length === 0 ? "" : xmlElement("items", { node }, items.join(""));
}

function field(name: string, value: string, type?: string): string {
  return xmlElement("field", { var: name, type }, textElement("value", value));
}

const formValue = (value: string | number | boolean): string =>
  typeof value === "boolean" ? (value ? "1" : "0") : String(value);

const textElement = (name: string, text: string): string => xmlElement(name, {}, xmlText(text));

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}
