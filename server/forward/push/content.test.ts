import { describe, expect, test } from "vitest";
import { Jid } from "../../xmpp/jid.ts";
import { clip, clipTo, tell } from "./content.ts";
import type { PushMessage } from "./message.ts";

const romeo = Jid.parse("romeo@example.net/orchard");
const juliet = Jid.parse("juliet@example.org");
const plain: PushMessage = {
  id: "evt_1",
  class: "chat",
  from: romeo,
  to: juliet,
  user: juliet,
  host: "example.org",
  at: 0,
  room: null,
  sender: "romeo",
  text: "It is\n the east, and Juliet is the sun",
  isEncrypted: false,
  stanzaId: null,
  messageId: null,
  thread: null,
  call: null,
};
const room = { jid: Jid.parse("ball@muc.example.org"), nick: "Tybalt" };
const call = { id: "c1", media: ["audio"] };

test.for([
  ["full", {}, "romeo", "It is\n the east, and Juliet is the sun", false],
  ["preview", {}, "romeo", "It is the east, and…", false],
  ["sender", {}, "romeo", "News", true],
  ["none", {}, null, "News", true],
  ["full", { text: null }, "romeo", "News", true],
  ["preview", { text: null }, "romeo", "News", true],
  ["full", { text: null, class: "call", call }, "romeo", "Incoming call", true],
  ["none", { text: null, class: "call", call }, null, "News", true],
  ["sender", { text: null, class: "subscription" }, "romeo", "Contact request", true],
  ["full", { class: "groupchat", room, sender: "ball", text: "hi" }, "ball", "Tybalt: hi", false],
  ["sender", { class: "mention", room, sender: "ball", text: "hi" }, "ball", "Tybalt: News", true],
  ["none", { class: "mention", room, sender: "ball", text: "hi" }, null, "News", true],
] as const)("%s of %j: %s, %s", ([content, change, title, body, isGeneric]) => {
  const told = tell({ ...plain, ...change }, { content, previewLength: 20, text: "News" });
  expect(told).toEqual({ title, body, isGeneric });
});

describe("clip", () => {
  const family = "👩‍👩‍👧";
  test.for([
    ["abc", 3, "abc"],
    ["abcd", 3, "abc…"],
    ["ab cd", 3, "ab…"],
    [family.repeat(4), 4, family.repeat(4)],
    [family.repeat(5), 4, `${family.repeat(4)}…`],
    ["e\u0301".repeat(5), 4, `${"e\u0301".repeat(4)}…`],
    ["🇩🇪🇫🇷🇮🇹", 2, "🇩🇪🇫🇷…"],
    ["", 3, ""],
  ] as const)("%s to %s", ([text, length, expected]) => {
    expect(clip(text, length)).toBe(expected);
  });

  test("what is no writing is not gone through to its end", () => {
    const started = performance.now();
    expect(clip(`a${"\u0301".repeat(200_000)}`, 20).length).toBeLessThan(1000);
    expect(clip("x".repeat(1_000_000), 20)).toBe(`${"x".repeat(20)}…`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("clipTo", () => {
  const within = (bytes: number) => (text: string) => Buffer.byteLength(text) <= bytes;
  test.for([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 5, "ab…"],
    ["ééé", 5, "é…"],
    ["👩‍👩‍👧 x", 18, "…"],
    ["abc", 2, null],
  ] as const)("%s within %s bytes", ([text, bytes, expected]) => {
    expect(clipTo(text, within(bytes))).toBe(expected);
  });

  test("is the longest that fits", () => {
    const text = "the lady doth protest too much ".repeat(300);
    let asked = 0;
    const clipped = clipTo(text, (one) => {
      asked += 1;
      return one.length <= 4000;
    })!;
    expect(clipped.length).toBeGreaterThanOrEqual(3999);
    expect(asked).toBeLessThan(20);
  });
});
