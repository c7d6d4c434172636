import { afterEach, beforeEach, expect, test } from "vitest";
import { serverOrigin } from "../../core/router.ts";
import { type TestServer, testServer } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { withoutForgery } from "./forgery.ts";

const juliet = "juliet@capulet.example";
const id = (by: string): string => `<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='1'/>`;
const delay = (from: string): string => `<delay xmlns='urn:xmpp:delay' from='${from}' stamp='2026-01-01T00:00:00Z'/>`;
const oldDelay = (from: string): string => `<x xmlns='jabber:x:delay' from='${from}' stamp='20260101T00:00:00'/>`;
const room = "<x xmlns='http://jabber.org/protocol/muc#user'/>";
const carbon = "<received xmlns='urn:xmpp:carbons:2'/>";

let server: TestServer;
beforeEach(async () => {
  server = await testServer({ modules: [], hosts: ["capulet.example"] });
});
afterEach(() => server.stop());

function genuine(from: string, content: string): string {
  const stanza = Stanza.parse(`<message to='${juliet}' from='${from}'>${content}</message>`);
  const packet = { stanza, from: Jid.parse(from), to: Jid.parse(juliet), origin: serverOrigin, host: undefined };
  const text = withoutForgery(packet, server.core.hosts).toString();
  return text.slice(text.indexOf(">") + 1).replace("</message>", "");
}

test.each([
  { name: "an id in our name", content: id(juliet), kept: "" },
  { name: "an id in our host's name", content: id("capulet.example"), kept: "" },
  { name: "its own id", content: id("romeo@montague.example"), kept: id("romeo@montague.example") },
  { name: "a delay in our name", content: delay("capulet.example"), kept: "" },
  { name: "its own delay", content: delay("montague.example"), kept: delay("montague.example") },
  { name: "what a room says", content: room, kept: room },
  { name: "a copy as if of ours", content: carbon, kept: "" },
  { name: "an old delay in our name", content: oldDelay("capulet.example"), kept: "" },
  { name: "its own old delay", content: oldDelay("montague.example"), kept: oldDelay("montague.example") },
  { name: "an old archive's result", content: "<result xmlns='urn:xmpp:mam:1' id='1'/>", kept: "" },
])("another domain sends $name", ({ content, kept }) => {
  expect(genuine("romeo@montague.example/orchard", content)).toBe(kept);
});

test("what the server itself sends is left as it is", () => {
  const all = id(juliet) + delay("capulet.example") + room + carbon;
  expect(genuine("capulet.example", all)).toBe(all);
});
