import { expect, test } from "vitest";
import { Stanza } from "../../xmpp/stanza.ts";
import { waitsAs } from "./importance.ts";

const state = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
const body = "<body>hi</body>";
const carbon = (inner: string): string =>
  `<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'>${inner}</message></forwarded></received>`;
const event = (items: string): string =>
  `<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='mood'>${items}</items></event>`;
const room = (inner: string): string => `<x xmlns='http://jabber.org/protocol/muc#user'><item/>${inner}</x>`;

test.each<[string, string, string | null]>([
  ["presence", "<presence from='a@b/c'/>", "presence a@b/c"],
  ["unavailable presence", "<presence from='a@b/c' type='unavailable'/>", "presence a@b/c"],
  ["a subscription request", "<presence from='a@b' type='subscribe'/>", null],
  ["presence of an occupant", `<presence from='r@s/n'>${room("")}</presence>`, "presence r@s/n"],
  ["the own presence in a room", `<presence from='r@s/n'>${room("<status code='110'/>")}</presence>`, null],
  ["text", `<message from='a@b/c'>${body}</message>`, null],
  ["text with a chat state", `<message from='a@b/c'>${body}${state}</message>`, null],
  ["a chat state", `<message from='a@b/c'>${state}<thread>t</thread></message>`, "state a@b/c"],
  ["a chat state that is an error", `<message from='a@b/c' type='error'>${state}</message>`, null],
  ["a receipt", "<message from='a@b/c'><received xmlns='urn:xmpp:receipts' id='1'/></message>", null],
  ["a carbon of text", `<message from='a@b'>${carbon(body)}</message>`, null],
  ["a carbon of a chat state", `<message from='a@b'>${carbon(state)}</message>`, "state a@b"],
  ["a carbon of nothing known", `<message from='a@b'>${carbon("")}</message>`, null],
  ["an event", `<message from='a@b' type='headline'>${event("<item id='1'/>")}</message>`, "event a@b mood 1"],
  ["an event of two items", `<message from='a@b'>${event("<item id='1'/><item id='2'/>")}</message>`, null],
  ["a retraction", `<message from='a@b'>${event("<retract id='1'/>")}</message>`, null],
  ["text with an event", `<message from='a@b'>${body}${event("<item id='1'/>")}</message>`, null],
  ["an iq", "<iq type='result' id='1' from='a@b'/>", null],
])("%s", (_, xml, key) => {
  expect(waitsAs(Stanza.parse(xml))).toBe(key);
});
