import { child, elements, type XmlElement } from "../support/xml.ts";
import { conditionOf, type XmppClient } from "../support/xmpp-client.ts";
import { ask, bareOf, befriend, check, deep, domain, find, message } from "./stage.ts";
import type { Row } from "./suite.ts";

const NS_ROSTER = "jabber:iq:roster";
const NS_CARBONS = "urn:xmpp:carbons:2";
const NS_BLOCKING = "urn:xmpp:blocking";
const NS_MUC = "http://jabber.org/protocol/muc";
const NS_MUC_USER = `${NS_MUC}#user`;
const NS_ITEMS = "http://jabber.org/protocol/disco#items";
/** A picture of one pixel, and the SHA-1 of its bytes. */
export const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const chat: readonly Row[] = [
  {
    feature: "Core features",
    level: "server",
    specifications: "RFC 6121",
    behaviour:
      "contacts, subscriptions and presence; a message to the account reaches each resource; one for somebody away is given when they come",
    async show(stage) {
      const romeo = await stage.login("romeo", "im");
      const juliet = await stage.login("juliet", "im");
      await befriend(romeo, juliet);
      const list = await ask(romeo, "get", "", `<query xmlns='${NS_ROSTER}'/>`);
      const item = elements(list!).find(({ attrs }) => attrs["jid"] === bareOf(juliet));
      check(item?.attrs["subscription"] === "both", "the contact is not in the roster");
      romeo.send("<presence><show>dnd</show></presence>");
      await juliet.receive(
        (stanza) => stanza.name === "presence" && stanza.attrs["from"] === romeo.jid && find(stanza, "show") === "dnd",
      );
      const other = await stage.login("juliet", "other");
      romeo.send(`<message type='chat' to='${bareOf(juliet)}'><body>to all</body></message>`);
      for (const client of [juliet, other]) await message(client, "to all");
      for (const client of [juliet, other]) await client.close();
      await romeo.ping();
      romeo.send(`<message type='chat' to='${bareOf(juliet)}'><body>later</body></message>`);
      await romeo.ping();
      const back = await stage.login("juliet", "back");
      const late = await message(back, "later");
      check(child(late, "delay", "urn:xmpp:delay") !== undefined, "the stored message has no delay");
    },
  },
  {
    feature: "User Avatar Compatibility",
    level: "advanced",
    specifications: "XEP-0398, XEP-0153, XEP-0084",
    behaviour: "a picture in the vCard becomes a PEP avatar, and presence carries its hash",
    async show(stage) {
      const romeo = await stage.login("romeo", "avatar");
      const photo = `<PHOTO><TYPE>image/png</TYPE><BINVAL>${png}</BINVAL></PHOTO>`;
      await ask(romeo, "set", "", `<vCard xmlns='vcard-temp'>${photo}</vCard>`);
      const items = await ask(
        romeo,
        "get",
        "",
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:metadata'/></pubsub>",
      );
      const info = deep(items!, "info", "urn:xmpp:avatar:metadata");
      check(info !== undefined, "there is no avatar to be found in PEP");
      romeo.send("<presence><status>with a hash</status></presence>");
      const seen = await romeo.receive(
        (stanza) => stanza.name === "presence" && find(stanza, "status") === "with a hash",
      );
      const update = child(seen, "x", "vcard-temp:x:update");
      check(update !== undefined && find(update, "photo") === info.attrs["id"], "presence does not carry the hash");
    },
  },
  {
    feature: "vcard-temp",
    level: "server",
    specifications: "XEP-0054",
    behaviour: "a user's card is kept and given to others",
    async show(stage) {
      const romeo = await stage.login("romeo", "card");
      const juliet = await stage.login("juliet", "card");
      await ask(romeo, "set", "", "<vCard xmlns='vcard-temp'><FN>Romeo Montague</FN></vCard>");
      const card = await ask(juliet, "get", bareOf(romeo), "<vCard xmlns='vcard-temp'/>");
      check(card !== undefined && find(card, "FN") === "Romeo Montague", "another user does not get the card");
    },
  },
  {
    feature: "Outbound Message Synchronization",
    level: "server",
    specifications: "XEP-0280",
    behaviour: "what one resource sends and gets, the other gets as a copy; a private message it does not",
    async show(stage) {
      const phone = await stage.login("romeo", "phone");
      const desk = await stage.login("romeo", "desk");
      const juliet = await stage.login("juliet", "balcony");
      for (const client of [phone, desk]) await ask(client, "set", "", `<enable xmlns='${NS_CARBONS}'/>`);
      phone.send(`<message type='chat' to='${juliet.jid}'><body>sent</body></message>`);
      await copyOf(desk, "sent", "sent");
      juliet.send(`<message type='chat' to='${phone.jid}'><body>received</body></message>`);
      await copyOf(desk, "received", "received");
      phone.send(
        `<message type='chat' to='${juliet.jid}'><body>private</body><private xmlns='${NS_CARBONS}'/></message>`,
      );
      await message(juliet, "private");
      await desk.ping();
      check(!desk.pending.some((stanza) => deep(stanza, "sent", NS_CARBONS) !== undefined), "a private one was copied");
    },
  },
  {
    feature: "User Blocking",
    level: "advanced",
    specifications: "XEP-0191",
    behaviour:
      "who is blocked gets service-unavailable; writing to them is refused with <blocked/>; the list is pushed",
    async show(stage) {
      const romeo = await stage.login("romeo", "blocking");
      const other = await stage.login("romeo", "other");
      const tybalt = await stage.login("tybalt", "street");
      await ask(other, "get", "", `<blocklist xmlns='${NS_BLOCKING}'/>`);
      await ask(romeo, "set", "", `<block xmlns='${NS_BLOCKING}'><item jid='${bareOf(tybalt)}'/></block>`);
      await other.receive((stanza) => deep(stanza, "block", NS_BLOCKING) !== undefined);
      tybalt.send(`<message type='chat' id='t' to='${bareOf(romeo)}'><body>villain</body></message>`);
      const refused = await tybalt.receive((stanza) => stanza.attrs["id"] === "t");
      check(conditionOf(refused) === "service-unavailable", "the blocked one was not refused");
      romeo.send(`<message type='chat' id='r' to='${tybalt.jid}'><body>hey</body></message>`);
      const own = await romeo.receive((stanza) => stanza.attrs["id"] === "r");
      check(deep(own, "blocked", `${NS_BLOCKING}:errors`) !== undefined, "writing to them was not refused");
    },
  },
  {
    feature: "Group Chat",
    level: "server",
    specifications: "XEP-0045, XEP-0249",
    behaviour:
      "a service of the host makes rooms; two talk in one, change its subject, and a direct invitation arrives",
    async show(stage) {
      const romeo = await stage.login("romeo", "muc");
      const juliet = await stage.login("juliet", "muc");
      const room = await openRoom(romeo, stage.name("ball"));
      juliet.send(`<presence to='${room}/juliet'><x xmlns='${NS_MUC}'/></presence>`);
      await juliet.receive((stanza) => isOwnPresence(stanza, `${room}/juliet`));
      await juliet.receive(
        (stanza) => stanza.attrs["from"]?.startsWith(room) === true && child(stanza, "subject") !== undefined,
      );
      juliet.send(`<message type='groupchat' to='${room}'><body>to the room</body></message>`);
      for (const client of [romeo, juliet]) {
        const heard = await message(client, "to the room");
        check(heard.attrs["from"] === `${room}/juliet`, "the room does not say who spoke");
      }
      romeo.send(`<message type='groupchat' to='${room}'><subject>Masks</subject></message>`);
      await juliet.receive((stanza) => stanza.attrs["type"] === "groupchat" && find(stanza, "subject") === "Masks");
      romeo.send(`<message to='${juliet.jid}'><x xmlns='jabber:x:conference' jid='${room}'/></message>`);
      await juliet.receive((stanza) => deep(stanza, "x", "jabber:x:conference") !== undefined);
    },
  },
];

function copyOf(client: XmppClient, kind: "sent" | "received", body: string): Promise<XmlElement> {
  return client.receive((stanza) => {
    const copy = child(stanza, kind, NS_CARBONS);
    const inner = copy === undefined ? undefined : deep(copy, "message", "jabber:client");
    return inner !== undefined && find(inner, "body") === body;
  });
}

/** Makes a room with its default settings, entered as `owner`; answers with its address. */
export async function openRoom(client: XmppClient, name: string): Promise<string> {
  const service = await roomService(client);
  const room = `${name}@${service}`;
  client.send(`<presence to='${room}/owner'><x xmlns='${NS_MUC}'/></presence>`);
  await client.receive((stanza) => isOwnPresence(stanza, `${room}/owner`));
  const form = `<query xmlns='${NS_MUC}#owner'><x xmlns='jabber:x:data' type='submit'/></query>`;
  await ask(client, "set", room, form);
  return room;
}

async function roomService(client: XmppClient): Promise<string> {
  const items = elements((await ask(client, "get", domain, `<query xmlns='${NS_ITEMS}'/>`))!);
  for (const { attrs } of items) {
    const jid = attrs["jid"] ?? "";
    const info = await ask(client, "get", jid, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    const isRooms = elements(info!).some((one) => one.name === "identity" && one.attrs["category"] === "conference");
    if (isRooms) return jid;
  }
  throw new Error("there is no service for rooms");
}

/** XEP-0045 7.2.2: status 110 says that it is one's own. */
function isOwnPresence(stanza: XmlElement, occupant: string): boolean {
  if (stanza.name !== "presence" || stanza.attrs["from"] !== occupant) return false;
  const x = child(stanza, "x", NS_MUC_USER);
  return x !== undefined && elements(x).some(({ name, attrs }) => name === "status" && attrs["code"] === "110");
}
