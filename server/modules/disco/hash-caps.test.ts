import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestServer, testServer } from "../../core/testing.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { ping } from "../ping.ts";
import { time } from "../time.ts";
import { hashCapsElement, hashInput, infoBehind } from "./hash-caps.ts";
import { disco } from "./module.ts";

const domain = "capulet.example";
let server: TestServer;

beforeEach(async () => {
  server = await testServer({ modules: [disco, ping, time], accounts: [`juliet@${domain}`] });
});
afterEach(() => server.stop());

const namespace = "http://jabber.org/protocol/disco#info";
const hashOf = (content: string): string => {
  const info = Stanza.parse(`<iq xmlns='jabber:client'><query xmlns='${namespace}'>${content}</query></iq>`).payload!;
  return createHash("sha256").update(hashInput(info.elements())).digest("base64");
};

// XEP-0390 7.1.
const features = [
  "http://jabber.org/protocol/si",
  "http://jabber.org/protocol/bytestreams",
  "http://jabber.org/protocol/chatstates",
  "http://jabber.org/protocol/disco#info",
  "http://jabber.org/protocol/disco#items",
  "urn:xmpp:ping",
  "jabber:iq:time",
  "jabber:iq:privacy",
  "jabber:iq:version",
  "http://jabber.org/protocol/rosterx",
  "urn:xmpp:time",
  "jabber:x:oob",
  "http://jabber.org/protocol/ibb",
  "http://jabber.org/protocol/si/profile/file-transfer",
  "urn:xmpp:receipts",
  "jabber:iq:roster",
  "jabber:iq:last",
];

test("the hash is that of the standard's example", () => {
  const listed = features.map((feature) => `<feature var='${feature}'/>`).join("");
  expect(hashOf(`<identity category='client' name='BombusMod' type='mobile'/>${listed}`)).toBe(
    "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8=",
  );
});

test("forms count with their fields and values, whatever their order", () => {
  const field = (name: string, ...values: string[]): string =>
    `<field var='${name}'>${values.map((value) => `<value>${value}</value>`).join("")}</field>`;
  const form = (...fields: string[]): string => `<x xmlns='jabber:x:data' type='result'>${fields.join("")}</x>`;
  const input = "\x1c\x1cFORM_TYPE\x1ft\x1f\x1eos\x1fa\x1fb\x1f\x1e\x1d\x1c";
  const hash = createHash("sha256").update(input).digest("base64");
  expect(hashOf(form(field("os", "b", "a"), field("FORM_TYPE", "t")))).toBe(hash);
});

test("a client finds behind the hash of the stream features what the server can do, also when that has changed", async () => {
  const host = server.core.hosts.get(domain)!;
  const node = (): string => `urn:xmpp:caps#sha-256.${hashCapsElement(host).child("hash", "urn:xmpp:hashes:2")!.text}`;
  const juliet = await server.connect(`juliet@${domain}/balcony`);
  const ask = async (about: string): Promise<string> => {
    juliet.send(`<iq type='get' id='d' to='${domain}'><query xmlns='${namespace}' node='${about}'/></iq>`);
    return String((await juliet.sync())[0]!.payload);
  };
  const first = node();
  expect(await ask(first)).toContain("urn:xmpp:ping");
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.modules["ping"] = { enabled: false, options: {} };
  });
  expect(node()).not.toBe(first);
  expect(await ask(node())).not.toContain("urn:xmpp:ping");
  expect(await ask(first)).toContain("urn:xmpp:ping");
  expect(infoBehind(host, "urn:xmpp:caps#sha-256.x")).toBeUndefined();
});
