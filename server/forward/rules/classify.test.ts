import { expect, test } from "vitest";
import { Stanza } from "../../xmpp/stanza.ts";
import { classify, classifyRoom, hasContent, hintsOf } from "./classify.ts";

const body = "<body>hi</body>";
const active = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
const received = "<received xmlns='urn:xmpp:receipts' id='1'/>";
const displayed = "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>";
const hint = (name: string): string => `<${name} xmlns='urn:xmpp:hints'/>`;
const propose = (ns: string): string => `<propose xmlns='urn:xmpp:jingle-message:${ns}' id='c1'/>`;
const omemo = (content: string): string => `<encrypted xmlns='eu.siacs.conversations.axolotl'>${content}</encrypted>`;
const eme = "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>";

const notStored = "its sender asked not to store it";

test.for([
  ["chat", body, null, "chat"],
  ["normal", body, null, "normal"],
  ["", body, null, "normal"],
  ["chat", body, notStored, null],
  ["headline", body, "it is a headline", null],
  ["error", body, "it is an error", null],
  ["groupchat", body, "it is for a group chat", null],
  // Clients ask to keep markers and receipts (XEP-0334 4.3): kept, but nothing to wake anybody for.
  ["chat", displayed + hint("store"), null, null],
  ["chat", received + hint("store"), null, null],
  ["chat", active, null, null],
  ["chat", "<body/>", null, null],
  ["chat", "", null, null],
  ["chat", active + body, null, "chat"],
  ["normal", "<subject>hi</subject>", null, "normal"],
  ["normal", "<subject/>", null, null],
  ["normal", "<x xmlns='jabber:x:conference' jid='room@muc.example'/>", null, "normal"],
  ["normal", "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b'/></x>", null, "normal"],
  ["normal", "<x xmlns='http://jabber.org/protocol/muc#user'><decline from='a@b'/></x>", null, null],
  ["chat", "<x xmlns='jabber:x:oob'><url>https://example.org</url></x>", null, "chat"],
  ["chat", omemo("<header sid='1'/><payload>x</payload>"), null, "chat"],
  // XEP-0384 4.6: keys only.
  ["chat", omemo("<header sid='1'/>"), null, null],
  ["chat", omemo("<header sid='1'/>") + body, null, "chat"],
  ["chat", eme, null, "chat"],
  ["chat", propose("0"), null, "call"],
  ["chat", propose("1"), null, "call"],
  ["chat", propose("0") + body, null, "call"],
  ["", propose("0"), null, "call"],
  ["chat", propose("0") + hint("no-store"), notStored, "call"],
  ["chat", propose("0"), "it has no text", "call"],
  ["headline", propose("0"), "it is a headline", null],
  ["error", propose("0"), "it is an error", null],
  ["chat", "<propose xmlns='urn:xmpp:jingle-message:0'/>", "it has no text", null],
  ["chat", "<retract xmlns='urn:xmpp:jingle-message:0' id='c1'/>", null, null],
] as const)("type '%s' with %s, not stored because %s: %s", ([type, content, reason, expected]) => {
  const stanza = Stanza.parse(`<message${type === "" ? "" : ` type='${type}'`}>${content}</message>`);
  expect(classify(stanza, reason)).toBe(expected);
});

test.for([
  ["subscribe", "subscription"],
  ["subscribed", null],
  ["unsubscribe", null],
  ["unavailable", null],
] as const)("presence of type %s: %s", ([type, expected]) => {
  expect(classify(Stanza.parse(`<presence type='${type}'/>`), null)).toBe(expected);
});

test.for([
  [body, false, "groupchat"],
  [body, true, "mention"],
  [omemo("<payload>x</payload>"), false, "groupchat"],
  ["<subject>a new one</subject>", false, null],
  [active, true, null],
  [body + hint("no-store"), true, null],
] as const)("in a room, %s, mentioned %s: %s", ([content, isMentioned, expected]) => {
  const stanza = Stanza.parse(`<message type='groupchat'>${content}</message>`);
  expect(classifyRoom(stanza, isMentioned)).toBe(expected);
});

test("the body of another namespace is none", () => {
  expect(hasContent(Stanza.parse("<message><body xmlns='http://www.w3.org/1999/xhtml'>x</body></message>"))).toBe(
    false,
  );
});

test("hints by name", () => {
  const stanza = Stanza.parse(`<message>${hint("store")}${hint("no-copy")}<no-store xmlns='urn:other'/></message>`);
  expect(hintsOf(stanza)).toEqual(["no-copy", "store"]);
});
