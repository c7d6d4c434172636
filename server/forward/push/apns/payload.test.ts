import { expect, test } from "vitest";
import { Jid } from "../../../xmpp/jid.ts";
import type { PushMessage } from "../message.ts";
import { counted, samplePush } from "../testing.ts";
import { contentless, conversationOf, isBackground, maxPayloadBytes, renderApns } from "./payload.ts";
import { apnsTarget } from "./testing.ts";

interface Notification {
  readonly aps: Readonly<Record<string, unknown>> & {
    readonly alert?: { readonly title?: string; readonly body: string };
  };
  readonly [key: string]: unknown;
}

const parsed = (text: string): Notification => JSON.parse(text) as Notification;

test("an alert says who and, where the target wants it, what", () => {
  const payload = renderApns(samplePush(), apnsTarget({ content: "full" }));
  expect(payload.contentType).toBe("application/json");
  expect(parsed(counted(payload, 12))).toEqual({
    aps: {
      alert: { title: "romeo", body: "It is the east & Juliet = the sun ☀" },
      sound: "default",
      "mutable-content": 1,
      "thread-id": "romeo@example.org",
      category: "chat",
      badge: 12,
    },
    id: "evt_1",
    class: "chat",
    to: "juliet@example.org",
    from: "romeo@example.org/orchard",
    stanzaId: "s1",
    messageId: "m1",
  });
});

test("a background push wakes the app and shows nothing", () => {
  const payload = renderApns(samplePush(), apnsTarget({ mode: "background", content: "full" }));
  expect(payload.unreadAt).toBeUndefined();
  expect(isBackground(payload.text)).toBe(true);
  expect(parsed(payload.text)).toEqual({
    aps: { "content-available": 1 },
    id: "evt_1",
    class: "chat",
    to: "juliet@example.org",
    from: "romeo@example.org/orchard",
    stanzaId: "s1",
    messageId: "m1",
  });
});

test.each(["alert", "background"] as const)("content `none` does not tell who it was (%s)", (mode) => {
  const { text } = renderApns(samplePush(), apnsTarget({ mode, content: "none" }));
  expect(text).not.toMatch(/romeo|east/);
});

test("a room is one conversation, and who spoke is told", () => {
  const room = { jid: Jid.parse("verona@rooms.example.org"), nick: "Benvolio" };
  const message = samplePush({
    class: "mention",
    room,
    sender: "verona",
    from: Jid.parse("verona@rooms.example.org/Benvolio"),
  });
  const { aps, from } = parsed(counted(renderApns(message, apnsTarget({ content: "full" })), 3));
  expect(aps).toMatchObject({
    "thread-id": "verona@rooms.example.org",
    category: "mention",
    alert: { title: "verona" },
  });
  expect(aps.alert!.body).toMatch(/^Benvolio: /);
  expect(from).toBe("verona@rooms.example.org/Benvolio");
});

test("a call has its id and media", () => {
  const message = samplePush({ class: "call", text: null, call: { id: "c-1", media: ["audio", "video"] } });
  expect(parsed(counted(renderApns(message, apnsTarget()), 3))).toMatchObject({
    class: "call",
    call: "c-1",
    media: "audio,video",
  });
});

test("an empty sound is silence", () => {
  expect(parsed(counted(renderApns(samplePush(), apnsTarget({ sound: "" })), 3)).aps).not.toHaveProperty("sound");
});

test.each([
  ["sender", "romeo@example.org"],
  ["none", "messages"],
] as const)("the conversation of a push that tells %s", (content, conversation) => {
  const alert = renderApns(samplePush(), apnsTarget({ content }));
  expect(conversationOf(counted(alert, 3))).toBe(conversation);
});

test("a payload that is not JSON has no parts", () => {
  expect(conversationOf('{"aps":{"badge":}}')).toBe("");
  expect(contentless("{", apnsTarget())).toBeNull();
});

test("without content: nothing but that there is something", () => {
  const payload = counted(renderApns(samplePush(), apnsTarget({ content: "full" })), 3);
  const bare = contentless(payload, apnsTarget({ text: "Hello?" }))!;
  expect(parsed(bare)).toEqual({
    aps: { alert: { body: "Hello?" }, sound: "default", "mutable-content": 1, badge: 3 },
    id: "evt_1",
    class: "chat",
  });
  expect(contentless(bare, apnsTarget({ text: "Hello?" }))).toBeNull();
  const background = renderApns(samplePush(), apnsTarget({ mode: "background" })).text;
  expect(parsed(contentless(background, apnsTarget())!)).toEqual({
    aps: { "content-available": 1 },
    id: "evt_1",
    class: "chat",
  });
});

/** Repeatable numbers below `n` (a linear congruential generator, Numerical Recipes). */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const pieces = [
  "a",
  " ",
  "é",
  "汉",
  "👍🏽",
  "👨‍👩‍👧‍👦",
  "e\u0301\u0323",
  '"',
  "\\",
  "\n",
  "\u0000",
  "\u2028",
  "\ud800",
  "&",
  "🇺🇳",
  "क्षि",
];
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function randomMessage(next: (n: number) => number): PushMessage {
  const text = (max: number): string => Array.from({ length: next(max) }, () => pieces[next(pieces.length)]!).join("");
  const name = (max: number): string => "xyz漢ü".repeat(1 + next(max)).slice(0, 1 + next(max));
  const long = next(3) === 0 ? 300 : 20;
  const isRoom = next(4) === 0;
  const from = Jid.of(name(long), `${"d".repeat(1 + next(60))}.example`, `${name(long)}"\\`);
  return samplePush({
    class: isRoom ? "groupchat" : (["chat", "normal", "call", "subscription"] as const)[next(4)]!,
    from,
    user: Jid.of(name(long), "example.org"),
    room: isRoom ? { jid: from.toBare(), nick: from.resource } : null,
    sender: from.local,
    text: next(5) === 0 ? null : text([10, 200, 3000][next(3)]!),
    stanzaId: next(2) === 0 ? null : name(200),
    messageId: next(2) === 0 ? null : text(next(2) === 0 ? 30 : 2000),
    thread: next(3) === 0 ? text(2000) : null,
    call: next(2) === 0 ? { id: text(200), media: ["audio"] } : null,
  });
}

test("whatever is written, the payload is JSON, fits with its count, and is cut between characters", () => {
  const next = numbers(20_261_122);
  let cut = 0;
  for (let round = 0; round < 2000; round += 1) {
    const message = randomMessage(next);
    const target = apnsTarget({
      content: (["full", "preview", "sender", "none"] as const)[next(4)]!,
      mode: next(4) === 0 ? "background" : "alert",
      text: next(2) === 0 ? "New message" : "新しいメッセージ".repeat(20),
    });
    const text = counted(renderApns(message, target), 9_999_999_999);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxPayloadBytes);
    const { aps, id } = parsed(text);
    expect(id).toBe(message.id);
    const body = aps.alert?.body;
    expect(body === undefined).toBe(target.mode === "background");
    if (
      target.content === "full" &&
      body?.endsWith("…") === true &&
      message.text?.startsWith(body.slice(0, -1)) === true
    ) {
      cut += 1;
      const ends = new Set(
        Array.from(graphemes.segment(message.text), ({ index }) => message.text!.slice(0, index).trimEnd()),
      );
      expect(ends.has(body.slice(0, -1))).toBe(true);
    }
  }
  expect(cut).toBeGreaterThan(50);
});
