import { describe, expect, test } from "vitest";
import { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import { Jid } from "../../../xmpp/jid.ts";
import { counted, samplePush } from "../testing.ts";
import { maxPlaintextBytes } from "./encrypt.ts";
import { contentless, readWebPush, renderWebPush } from "./payload.ts";

const target = (settings: object = {}): WebPushTarget =>
  WebPushTarget.parse({ kind: "webpush", contact: "mailto:a@example.org", ...settings });
const rendered = (message: Parameters<typeof renderWebPush>[0], settings: object = {}): unknown =>
  JSON.parse(counted(renderWebPush(message, target(settings)), 3));
const facts = { id: "evt_1", class: "chat", to: "juliet@example.org", stanzaId: "s1" };
const who = { ...facts, from: "romeo@example.org/orchard", messageId: "m1" };

describe("what is told", () => {
  const cases = [
    ["full", { title: "romeo", body: "It is the east & Juliet = the sun ☀", tag: "romeo@example.org", data: who }],
    ["sender", { title: "romeo", body: "New message", tag: "romeo@example.org", data: who }],
    ["none", { title: "New message", tag: "messages", data: facts }],
  ] as const;
  test.each(cases)("%s", (content, expected) => {
    expect(rendered(samplePush(), { content })).toEqual({ ...expected, unread: 3 });
  });

  test("a room", () => {
    const room = { jid: Jid.of("verona", "rooms.example.org"), nick: "Romeo" };
    const from = Jid.of("verona", "rooms.example.org", "Romeo");
    expect(rendered(samplePush({ class: "mention", room, from, sender: "verona" }))).toMatchObject({
      title: "verona",
      body: "Romeo: New message",
      tag: "verona@rooms.example.org",
      data: { class: "mention", from: "verona@rooms.example.org/Romeo" },
    });
  });

  test("what is encrypted is never told", () => {
    const message = samplePush({ text: null, isEncrypted: true });
    expect(rendered(message, { content: "full" })).toMatchObject({ title: "romeo", body: "New message" });
  });
});

const long = "x".repeat(1_000);
test.each([
  ["a long text", samplePush({ text: "👩‍👩‍👧‍👦".repeat(2_000) })],
  ["a text that JSON makes longer", samplePush({ text: '\u0001"'.repeat(5_000) })],
  ["long names", samplePush({ from: Jid.of(long, "example.org", long), sender: long.repeat(3) })],
  ["long ids", samplePush({ messageId: long.repeat(9), thread: long.repeat(9) })],
])("fits into one record: %s", (_name, message) => {
  for (const content of ["full", "preview", "sender", "none"]) {
    const text = counted(renderWebPush(message, target({ content })), 4_294_967_295);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxPlaintextBytes);
    expect(readWebPush(text)).toMatchObject({ data: { id: "evt_1" }, unread: 4_294_967_295 });
  }
});

test("without content only ids and the number are left", () => {
  const push = readWebPush(counted(renderWebPush(samplePush(), target({ content: "full" })), 3));
  expect(JSON.parse(contentless(push!, target()))).toEqual({
    title: "New message",
    tag: "messages",
    data: facts,
    unread: 3,
  });
});

test.each([
  "",
  "from=a&to=b",
  "null",
  "1",
  '{"android":{},"data":{"unread":"1"}}',
  '{"tag":"x","data":null,"unread":1}',
])("made for another target: %j", (text) => {
  expect(readWebPush(text)).toBeNull();
});
