import { child, elements } from "../support/xml.ts";
import { conditionOf, type XmppClient } from "../support/xmpp-client.ts";
import { openRoom } from "./chat.ts";
import { ask, bareOf, check, deep, domain, featuresOf, find, message } from "./stage.ts";
import { streamManagement } from "./stream-management.ts";
import type { Row } from "./suite.ts";

const NS_PUBSUB = "http://jabber.org/protocol/pubsub";
const NS_OPTIONS = `${NS_PUBSUB}#publish-options`;
const NS_ARCHIVE = "urn:xmpp:mam:2";
const NS_BOOKMARKS = "urn:xmpp:bookmarks:1";
const NS_PRIVATE = "jabber:iq:private";
const NS_UPLOAD = "urn:xmpp:http:upload:0";

export const chatAdvanced: readonly Row[] = [
  {
    feature: "Advanced Group Chat: archive and self-ping",
    level: "advanced",
    specifications: "XEP-0313, XEP-0410",
    behaviour: "the room gives out what was said in it; a ping to oneself says whether one is in it",
    async show(stage) {
      const romeo = await stage.login("romeo", "room");
      const room = await openRoom(romeo, stage.name("hall"));
      romeo.send(`<message type='groupchat' to='${room}'><body>for the record</body></message>`);
      await message(romeo, "for the record");
      await ask(romeo, "get", `${room}/owner`, "<ping xmlns='urn:xmpp:ping'/>");
      const absent = await romeo.ask("get", `${room}/nobody`, "<ping xmlns='urn:xmpp:ping'/>");
      check(absent.attrs["type"] === "error", "a ping to nobody was answered");
      await history(romeo, room, "for the record");
    },
  },
  {
    feature: "Advanced Group Chat: bookmarks",
    level: "advanced",
    specifications: "XEP-0402, XEP-0048, XEP-0049",
    behaviour: "bookmarks in PEP and in private storage are the same ones; the account says #compat",
    async show(stage) {
      const romeo = await stage.login("romeo", "bookmarks");
      const features = await featuresOf(romeo, bareOf(romeo));
      check(features.has(`${NS_BOOKMARKS}#compat`), "the account does not say #compat");
      const conference = `<conference xmlns='${NS_BOOKMARKS}' name='Hall' autojoin='true'><nick>Romeo</nick></conference>`;
      await publish(romeo, NS_BOOKMARKS, `<item id='hall@conference.${domain}'>${conference}</item>`, {
        "pubsub#persist_items": "true",
        "pubsub#max_items": "max",
        "pubsub#send_last_published_item": "never",
        "pubsub#access_model": "whitelist",
      });
      const stored = await ask(
        romeo,
        "get",
        "",
        `<query xmlns='${NS_PRIVATE}'><storage xmlns='storage:bookmarks'/></query>`,
      );
      const old = deep(stored!, "conference", "storage:bookmarks");
      check(old?.attrs["jid"] === `hall@conference.${domain}`, "the bookmark is not in private storage");
      const added = `<conference jid='hall@conference.${domain}' name='Hall'/><conference jid='yard@conference.${domain}' name='Yard'/>`;
      await ask(
        romeo,
        "set",
        "",
        `<query xmlns='${NS_PRIVATE}'><storage xmlns='storage:bookmarks'>${added}</storage></query>`,
      );
      const items = await ask(
        romeo,
        "get",
        "",
        `<pubsub xmlns='${NS_PUBSUB}'><items node='${NS_BOOKMARKS}'/></pubsub>`,
      );
      const ids = elements(elements(items!)[0]!).map(({ attrs }) => attrs["id"]);
      check(ids.includes(`yard@conference.${domain}`), "a bookmark in private storage is not in PEP");
    },
  },
  {
    feature: "Persistent Storage of Private Data via PubSub",
    level: "advanced",
    specifications: "XEP-0223",
    behaviour: "an item published for oneself is given to one's own resources and refused to others",
    async show(stage) {
      const romeo = await stage.login("romeo", "store");
      const juliet = await stage.login("juliet", "store");
      const node = "urn:example:private";
      await publish(romeo, node, `<item id='current'><secret xmlns='${node}'/></item>`, {
        "pubsub#persist_items": "true",
        "pubsub#access_model": "whitelist",
      });
      const other = await stage.login("romeo", "other");
      const query = `<pubsub xmlns='${NS_PUBSUB}'><items node='${node}'/></pubsub>`;
      const own = await ask(other, "get", "", query);
      check(deep(own!, "secret", node) !== undefined, "the item is gone");
      const refused = await juliet.ask("get", bareOf(romeo), query);
      check(refused.attrs["type"] === "error", "somebody else gets it");
    },
  },
  {
    feature: "Private XML Storage",
    level: "advanced",
    specifications: "XEP-0049",
    behaviour: "what a client stores, another of the account gets",
    async show(stage) {
      const romeo = await stage.login("romeo", "xml");
      const element = "<exodus xmlns='urn:example:exodus'><nick>Romeo</nick></exodus>";
      await ask(romeo, "set", "", `<query xmlns='${NS_PRIVATE}'>${element}</query>`);
      const other = await stage.login("romeo", "other");
      const stored = await ask(
        other,
        "get",
        "",
        `<query xmlns='${NS_PRIVATE}'><exodus xmlns='urn:example:exodus'/></query>`,
      );
      const found = deep(stored!, "exodus", "urn:example:exodus");
      check(found !== undefined && find(found, "nick") === "Romeo", "it is gone");
    },
  },
  streamManagement("advanced"),
  {
    feature: "History Storage / Retrieval",
    level: "advanced",
    specifications: "XEP-0313, XEP-0359",
    behaviour: "a message has the id under which the archive of each side gives it out",
    async show(stage) {
      const romeo = await stage.login("romeo", "history");
      const juliet = await stage.login("juliet", "history");
      romeo.send(`<message type='chat' to='${bareOf(juliet)}'><body>kept</body></message>`);
      const received = await message(juliet, "kept");
      const id = child(received, "stanza-id", "urn:xmpp:sid:0");
      check(id?.attrs["by"] === bareOf(juliet), "the message has no id of the account");
      check((await history(juliet, "", "kept")) === id.attrs["id"], "the archive has it under another id");
      await history(romeo, "", "kept");
    },
  },
  {
    feature: "File Upload",
    level: "server",
    specifications: "XEP-0363",
    behaviour: "a service gives out a place for a file, takes it over HTTP and gives it back",
    async show(stage) {
      const romeo = await stage.login("romeo", "upload");
      const service = await uploadService(romeo);
      const slot = await ask(
        romeo,
        "get",
        service,
        `<request xmlns='${NS_UPLOAD}' filename='note.txt' size='4' content-type='text/plain'/>`,
      );
      const put = child(slot!, "put", NS_UPLOAD)?.attrs["url"] ?? "";
      const stored = await fetch(put, { method: "PUT", headers: { "content-type": "text/plain" }, body: "note" });
      check(stored.ok, `PUT: ${stored.status}`);
      const got = await fetch(child(slot!, "get", NS_UPLOAD)?.attrs["url"] ?? "");
      check((await got.text()) === "note", "another file came back");
    },
  },
];

/** XEP-0060 7.1.5. */
async function publish(
  client: XmppClient,
  node: string,
  item: string,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const fields = Object.entries({ FORM_TYPE: NS_OPTIONS, ...options })
    .map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`)
    .join("");
  const form = `<publish-options><x xmlns='jabber:x:data' type='submit'>${fields}</x></publish-options>`;
  await ask(
    client,
    "set",
    "",
    `<pubsub xmlns='${NS_PUBSUB}'><publish node='${node}'>${item}</publish>${form}</pubsub>`,
  );
}

/** Asks an archive, "" for the own one; answers with the id of the message with this body. */
async function history(client: XmppClient, archive: string, body: string): Promise<string> {
  await ask(client, "set", archive, `<query xmlns='${NS_ARCHIVE}' queryid='h'/>`);
  for (const { children } of client.takeMessages().map((one) => ({ children: elements(one) }))) {
    const result = children.find(({ name, ns }) => name === "result" && ns === NS_ARCHIVE);
    const inner = result === undefined ? undefined : deep(result, "message", "jabber:client");
    if (inner !== undefined && find(inner, "body") === body) return result!.attrs["id"] ?? "";
  }
  throw new Error(`the archive${archive === "" ? "" : ` of ${archive}`} does not have it`);
}

async function uploadService(client: XmppClient): Promise<string> {
  const items = await ask(client, "get", domain, "<query xmlns='http://jabber.org/protocol/disco#items'/>");
  for (const jid of [domain, ...elements(items!).map(({ attrs }) => attrs["jid"] ?? "")]) {
    const info = await client.ask("get", jid, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    if (info.attrs["type"] !== "result") throw new Error(`${jid}: ${conditionOf(info)}`);
    if (elements(elements(info)[0]!).some(({ attrs }) => attrs["var"] === NS_UPLOAD)) return jid;
  }
  throw new Error("there is no service for uploads");
}
