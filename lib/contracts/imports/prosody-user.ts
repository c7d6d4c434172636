import { enclosed, opening, wrapped } from "./enclosed.ts";
import type { LuaTable, LuaValue } from "./lua-data.ts";
import { attributeOf, isTable, prosodyElement, textOf } from "./prosody-element.ts";
import { xmlElement, xmlText } from "./xml-text.ts";

/** What an account has, by store: `accounts`, `roster`, `pep_NODE` and so on. */
export interface ProsodyStores {
  readonly names: readonly string[];
  tables(store: string): AsyncIterable<LuaTable>;
}

const pie = "urn:xmpp:pie:0";
const client = "jabber:client";
const pubsub = "http://jabber.org/protocol/pubsub";

/** An account with what it owns as XEP-0227 has it, piece by piece; nothing: the stores hold no account. */
export async function* prosodyUser(name: string, stores: ProsodyStores): AsyncGenerator<string> {
  const account = await firstOf(stores.tables("accounts"));
  if (account === undefined) return;
  const password = textOf(account.named.get("password"));
  yield opening("user", { name, ...(password === undefined ? {} : { password }) });
  yield password === undefined ? keys(account) : "";
  for await (const table of stores.tables("roster")) yield roster(table);
  for await (const table of stores.tables("vcard")) yield prosodyElement(table, [], { xmlns: "vcard-temp" });
  yield* wrapped("query", { xmlns: "jabber:iq:private" }, stores.tables("private"), privateXml);
  for await (const table of stores.tables("blocklist")) yield blocklist(table);
  yield* wrapped("offline-messages", {}, stores.tables("offline"), offlineMessage);
  yield* wrapped("archive", { xmlns: `${pie}#mam` }, stores.tables("archive"), prosodyArchived);
  yield* wrapped("pubsub", { xmlns: `${pubsub}#owner` }, stores.tables("pep"), configurations);
  const nodes = stores.names.filter((store) => store.startsWith("pep_"));
  for (const store of nodes) {
    const attributes = { node: store.slice(4) };
    const items = wrapped("items", attributes, stores.tables(store), nodeItem);
    yield* enclosed("pubsub", { xmlns: pubsub }, items);
  }
  yield "</user>";
}

async function firstOf(tables: AsyncIterable<LuaTable>): Promise<LuaTable | undefined> {
  for await (const table of tables) return table;
  return undefined;
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

function privateXml({ named }: LuaTable): string {
  return [...named.values()].map((each) => prosodyElement(each)).join("");
}

function blocklist({ named }: LuaTable): string {
  const items = [...named.keys()].map((jid) => xmlElement("item", { jid })).join("");
  return items === "" ? "" : xmlElement("blocklist", { xmlns: "urn:xmpp:blocking" }, items);
}

function offlineMessage(message: LuaTable): string {
  return prosodyElement(message, ["stamp", "stamp_legacy"], { xmlns: client }, delayOf(message));
}

/** XEP-0227 4.5. */
export function prosodyArchived(message: LuaTable): string {
  const forwarded = delayOf(message) + prosodyElement(message, ["stamp", "stamp_legacy"], { xmlns: client });
  return xmlElement(
    "result",
    { xmlns: "urn:xmpp:mam:2", id: textOf(message.named.get("key")) },
    xmlElement("forwarded", { xmlns: "urn:xmpp:forward:0" }, forwarded),
  );
}

function delayOf(message: LuaTable): string {
  const stamp = stampOf(message);
  return stamp === undefined ? "" : xmlElement("delay", { xmlns: "urn:xmpp:delay", stamp });
}

function stampOf(message: LuaTable): string | undefined {
  const when = message.named.get("when");
  const at = new Date(typeof when === "number" ? when * 1000 : Number.NaN);
  return attributeOf(message, "stamp") ?? (Number.isNaN(at.getTime()) ? undefined : at.toISOString());
}

/** Settings of the nodes of the account (XEP-0163). */
function configurations({ named }: LuaTable): string {
  return [...named]
    .map(([node, value]) => (isTable(value) ? configured(node, value.named.get("config")) : ""))
    .join("");
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

function nodeItem(item: LuaTable): string {
  return xmlElement("item", { id: textOf(item.named.get("key")) }, prosodyElement(item, ["stamp"]));
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
