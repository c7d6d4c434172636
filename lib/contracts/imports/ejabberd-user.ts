import type { DumpAccount, DumpPlace, DumpRecord, EjabberdDump } from "./ejabberd-dump.ts";
import { delayElement, ejabberdElement, ejabberdJid, ejabberdTime } from "./ejabberd-element.ts";
import { opening, wrapped } from "./enclosed.ts";
import { type ErlangTerm, erlangAtom, erlangList, erlangText, erlangTuple } from "./erlang-data.ts";
import { formField, submittedForm, textElement } from "./form-text.ts";
import { xmlElement, xmlText } from "./xml-text.ts";

const pie = "urn:xmpp:pie:0";
const client = "jabber:client";
const pubsub = "http://jabber.org/protocol/pubsub";

/** Records one after the other, without those that cannot be read. */
export type RecordReader = (places: readonly DumpPlace[]) => AsyncIterable<DumpRecord>;

/** An account with what it owns as XEP-0227 has it, piece by piece; `now` is in milliseconds since the epoch. */
export async function* ejabberdUser(
  dump: EjabberdDump,
  account: DumpAccount,
  read: RecordReader,
  now: number,
): AsyncGenerator<string> {
  const of = (table: string): AsyncIterable<DumpRecord> => read(account.places.get(table) ?? []);
  let password: string | undefined;
  let keys = "";
  for await (const record of of("passwd")) {
    const secret = record.get("password");
    password ??= erlangText(secret);
    keys += scramKeys(secret);
  }
  yield opening("user", { name: account.local, password });
  if (password === undefined) yield keys;
  const roster = await Array.fromAsync(of("roster"));
  const contacts = roster.map(contact).join("");
  if (contacts !== "") yield xmlElement("query", { xmlns: "jabber:iq:roster" }, contacts);
  yield roster.map(request).join("");
  for await (const record of of("vcard")) yield ejabberdElement(record.get("vcard"), "vcard-temp");
  yield* wrapped("query", { xmlns: "jabber:iq:private" }, of("private_storage"), (record) =>
    ejabberdElement(record.get("xml")),
  );
  for await (const record of of("privacy")) yield privacyLists(record);
  for await (const record of of("last_activity")) yield lastActivity(record, now);
  yield* wrapped("offline-messages", {}, of("offline_msg"), (record) => offlineMessage(record, account.host, now));
  yield* wrapped("archive", { xmlns: `${pie}#mam` }, of("archive_msg"), (record) => ejabberdArchived(record));
  yield* wrapped("pubsub", { xmlns: `${pubsub}#owner` }, of("pubsub_node"), configuration);
  for await (const record of of("pubsub_node"))
    yield nodeItems(record, await Array.fromAsync(read(dump.itemsOf(record.get("id")))));
  yield "</user>";
}

const mechanisms: ReadonlyMap<string, string> = new Map([
  ["sha", "SCRAM-SHA-1"],
  ["sha256", "SCRAM-SHA-256"],
  ["sha512", "SCRAM-SHA-512"],
]);

/** XEP-0227 4.3 of `{scram, StoredKey, ServerKey, Salt, Hash, Iterations}`; before ejabberd 20 the hash is SHA-1, and not named. */
function scramKeys(secret: ErlangTerm | undefined): string {
  const [kind, stored, server, salt, ...rest] = erlangTuple(secret);
  if (erlangAtom(kind) !== "scram") return "";
  const iterations = rest.at(-1);
  const mechanism = mechanisms.get(rest.length > 1 ? (erlangAtom(rest[0]) ?? "") : "sha");
  const texts = [stored, server, salt].map(erlangText);
  if (mechanism === undefined || typeof iterations !== "number" || texts.includes(undefined)) return "";
  const [storedKey = "", serverKey = "", saltText = ""] = texts;
  return xmlElement(
    "scram-credentials",
    { xmlns: `${pie}#scram`, mechanism },
    [
      xmlElement("iter-count", {}, String(iterations)),
      textElement("salt", saltText),
      textElement("server-key", serverKey),
      textElement("stored-key", storedKey),
    ].join(""),
  );
}

function contact(record: DumpRecord): string {
  const [subscription, ask] = [record.get("subscription"), record.get("ask")].map(erlangAtom);
  // Whoever has only asked is no contact.
  if (subscription === "none" && ask === "in") return "";
  const groups = erlangList(record.get("groups")).map((group) => textElement("group", erlangText(group) ?? ""));
  return xmlElement(
    "item",
    {
      jid: ejabberdJid(record.get("jid")),
      name: erlangText(record.get("name")) || undefined,
      subscription,
      ask: ask === "out" || ask === "both" || ask === "subscribe" ? "subscribe" : undefined,
      approved: erlangAtom(record.get("approved")) === "true" ? "true" : undefined,
    },
    groups.join(""),
  );
}

/** Somebody who asked for a subscription and was not answered yet. */
function request(record: DumpRecord): string {
  const ask = erlangAtom(record.get("ask"));
  if (ask !== "in" && ask !== "both") return "";
  const from = ejabberdJid(record.get("jid"));
  const words = erlangText(record.get("askmessage")) ?? "";
  return xmlElement(
    "presence",
    { xmlns: client, type: "subscribe", from },
    words === "" ? "" : textElement("status", words),
  );
}

/** XEP-0016; the list that is in force is where ejabberd keeps who is blocked, too. */
function privacyLists(record: DumpRecord): string {
  const name = erlangText(record.get("default"));
  const lists = erlangList(record.get("lists")).map((entry) => {
    const [listName, items] = erlangTuple(entry);
    return xmlElement("list", { name: erlangText(listName) }, erlangList(items).map(privacyItem).join(""));
  });
  if (name === undefined || lists.length === 0) return "";
  return xmlElement("query", { xmlns: "jabber:iq:privacy" }, xmlElement("default", { name }) + lists.join(""));
}

const matched = ["iq", "message", "presence-in", "presence-out"] as const;

function privacyItem(item: ErlangTerm): string {
  const [, type, value, action, order, isAll, ...matches] = erlangTuple(item);
  const kinds =
    erlangAtom(isAll) === "true" ? [] : matched.filter((_kind, index) => erlangAtom(matches[index]) === "true");
  return xmlElement(
    "item",
    {
      type: erlangAtom(type) === "none" ? undefined : erlangAtom(type),
      value: ejabberdJid(value) || erlangText(value) || erlangAtom(value),
      action: erlangAtom(action),
      order: typeof order === "number" ? String(order) : undefined,
    },
    kinds.map((kind) => xmlElement(kind, {})).join(""),
  );
}

/** What ejabberd keeps of an account that was made, and not used yet. */
const neverThere = "Registered but didn't login";

/** XEP-0012. */
function lastActivity(record: DumpRecord, now: number): string {
  const [at, status] = [record.get("timestamp"), erlangText(record.get("status")) ?? ""];
  if (typeof at !== "number" || status === neverThere) return "";
  const seconds = String(Math.max(0, Math.floor(now / 1000) - at));
  return xmlElement("query", { xmlns: "jabber:iq:last", seconds }, xmlText(status));
}

function offlineMessage(record: DumpRecord, host: string, now: number): string {
  const expires = ejabberdTime(record.get("expire"));
  if (expires !== undefined && expires < now) return "";
  const delay = delayElement(ejabberdTime(record.get("timestamp")), host);
  return ejabberdElement(record.get("packet"), client, delay);
}

/** XEP-0227 4.5; `added` is XML that goes into the message. */
export function ejabberdArchived(record: DumpRecord, added = ""): string {
  const at = ejabberdTime(record.get("timestamp"));
  const forwarded = delayElement(at) + ejabberdElement(record.get("packet"), client, added);
  return xmlElement(
    "result",
    { xmlns: "urn:xmpp:mam:2", id: erlangText(record.get("id")) },
    xmlElement("forwarded", { xmlns: "urn:xmpp:forward:0" }, forwarded),
  );
}

/** Settings of a node that servers understand alike (XEP-0060 16.4.4). */
const carried: ReadonlySet<string> = new Set([
  "access_model",
  "publish_model",
  "persist_items",
  "max_items",
  "send_last_published_item",
  "title",
  "description",
  "type",
]);

/** A node of the account (XEP-0163). */
function configuration(record: DumpRecord): string {
  const fields = erlangList(record.get("options")).flatMap((option) => {
    const [key, value] = erlangTuple(option);
    const [name, text] = [erlangAtom(key) ?? "", optionText(value)];
    return text === undefined || !carried.has(name) ? [] : [formField(`pubsub#${name}`, [text])];
  });
  const node = erlangText(erlangTuple(record.get("nodeid"))[1]);
  return node === undefined || fields.length === 0
    ? ""
    : xmlElement("configure", { node }, submittedForm(`${pubsub}#node_config`, fields));
}

function optionText(value: ErlangTerm | undefined): string | undefined {
  const atom = erlangAtom(value);
  if (atom === "true" || atom === "false") return atom === "true" ? "1" : "0";
  // What has no bound is called so in forms (XEP-0060 16.4.4).
  if (atom === "infinity") return "max";
  return typeof value === "number" ? String(value) : (atom ?? (erlangText(value) || undefined));
}

/** What is in a node, the oldest first. */
function nodeItems(record: DumpRecord, items: readonly DumpRecord[]): string {
  const node = erlangText(erlangTuple(record.get("nodeid"))[1]);
  const written = items
    .map((item) => ({ at: ejabberdTime(erlangTuple(item.get("modification"))[0]) ?? 0, item }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => {
      const id = erlangText(erlangTuple(item.get("itemid"))[0]);
      return xmlElement("item", { id }, ejabberdElement(erlangList(item.get("payload"))[0]));
    });
  if (node === undefined || written.length === 0) return "";
  return xmlElement("pubsub", { xmlns: pubsub }, xmlElement("items", { node }, written.join("")));
}
