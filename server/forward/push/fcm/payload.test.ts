import { describe, expect, test } from "vitest";
import { FcmTarget } from "../../../../lib/contracts/forward-target.ts";
import { Jid } from "../../../xmpp/jid.ts";
import { counted, samplePush } from "../testing.ts";
import { renderFcm } from "./payload.ts";

const target = (settings: object = {}): FcmTarget =>
  FcmTarget.parse({ kind: "fcm", serviceAccount: "{}", ...settings });
const rendered = (message: Parameters<typeof renderFcm>[0], settings: object = {}): unknown =>
  JSON.parse(counted(renderFcm(message, target(settings)), 3));
const facts = { id: "evt_1", class: "chat", to: "juliet@example.org", stanzaId: "s1" };

describe("what is told", () => {
  const who = { ...facts, sender: "romeo@example.org/orchard", messageId: "m1" };
  const cases = [
    ["full", { ...who, title: "romeo", body: "It is the east & Juliet = the sun ☀", unread: "3" }],
    ["sender", { ...who, title: "romeo", body: "New message", unread: "3" }],
    ["none", { ...facts, body: "New message", unread: "3" }],
  ] as const;
  test.each(cases)("%s, for the app", (content, data) => {
    const collapse = content === "none" ? { collapse_key: "messages" } : {};
    expect(rendered(samplePush(), { content })).toEqual({ android: { priority: "high", ...collapse }, data });
  });

  test("by the system", () => {
    expect(rendered(samplePush(), { mode: "notification", priority: "normal" })).toEqual({
      android: { priority: "normal", notification: { tag: "romeo@example.org" } },
      notification: { title: "romeo", body: "New message" },
      data: { ...who, unread: "3" },
    });
  });

  test("by the system, without whom", () => {
    expect(rendered(samplePush(), { mode: "notification", content: "none" })).toEqual({
      android: { priority: "high", collapse_key: "messages", notification: { tag: "messages" } },
      notification: { body: "New message" },
      data: { ...facts, unread: "3" },
    });
  });

  test("notifications that tell what was written do not replace each other", () => {
    const { android } = rendered(samplePush(), { mode: "notification", content: "full" }) as { android: object };
    expect(android).toEqual({ priority: "high" });
  });

  test("a room", () => {
    const room = { jid: Jid.of("verona", "rooms.example.org"), nick: "Romeo" };
    const from = Jid.of("verona", "rooms.example.org", "Romeo");
    const message = samplePush({ class: "groupchat", room, from, sender: "verona" });
    expect(rendered(message, { content: "full", mode: "notification" })).toMatchObject({
      notification: { title: "verona", body: "Romeo: It is the east & Juliet = the sun ☀" },
      data: { class: "groupchat", sender: "verona@rooms.example.org/Romeo" },
    });
  });

  test("a call is urgent and never replaced", () => {
    const message = samplePush({
      class: "call",
      text: null,
      stanzaId: null,
      call: { id: "c1", media: ["audio", "video"] },
    });
    expect(rendered(message, { priority: "normal", content: "none" })).toEqual({
      android: { priority: "high" },
      data: { id: "evt_1", class: "call", to: "juliet@example.org", call: "c1", body: "New message", unread: "3" },
    });
    expect(rendered(message)).toMatchObject({ data: { media: "audio,video", body: "Incoming call" } });
  });

  test("requests have a key of their own", () => {
    const message = samplePush({ class: "subscription", text: null });
    expect(rendered(message, { content: "none" })).toMatchObject({ android: { collapse_key: "requests" } });
  });

  test("what is encrypted is never told", () => {
    const message = samplePush({ text: null, isEncrypted: true });
    expect(rendered(message, { content: "full" })).toMatchObject({ data: { title: "romeo", body: "New message" } });
  });
});

describe("at most 4096 bytes", () => {
  const long = "x".repeat(1_000);
  const cases = [
    ["a long text", samplePush({ text: "a ".repeat(50_000) })],
    ["a text of long characters", samplePush({ text: "👩‍👩‍👧‍👦".repeat(2_000) })],
    ["a text that JSON makes longer", samplePush({ text: '\u0001"'.repeat(2_000) })],
    ["one endless character", samplePush({ text: `e${"\u0301".repeat(20_000)}` })],
    ["long names", samplePush({ from: Jid.of(long, "rooms.example.org", long), sender: long })],
    [
      "long names of long letters",
      samplePush({ user: Jid.parse(`${"é".repeat(500)}@example.org`), sender: "é".repeat(5_000) }),
    ],
    ["long ids", samplePush({ messageId: long.repeat(9), thread: long.repeat(9), stanzaId: long.repeat(9) })],
    ["a long call", samplePush({ class: "call", call: { id: long.repeat(9), media: [long.repeat(9)] } })],
  ] as const;
  const settings = [{ content: "full" }, { content: "full", mode: "notification" }, { content: "none" }, {}];
  test.each(cases)("%s", (_name, message) => {
    for (const one of settings) {
      const text = counted(renderFcm(message, target(one)), 4_294_967_295);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096 - 96);
      expect(text.isWellFormed()).toBe(true);
      expect(JSON.parse(text)).toMatchObject({ data: { id: "evt_1", unread: "4294967295" } });
    }
  });

  test("ids are left out before the text is cut", () => {
    const message = samplePush({ text: "y".repeat(3_000), thread: long });
    const { data } = rendered(message, { content: "full" }) as { data: Record<string, string> };
    expect(data["thread"]).toBeUndefined();
    expect(data["body"]).toBe("y".repeat(3_000));
  });

  test("a text is cut between characters", () => {
    const { data } = rendered(samplePush({ text: "👩‍👩‍👧‍👦".repeat(2_000) }), { content: "full" }) as {
      data: Record<string, string>;
    };
    expect(data["body"]).toMatch(/^(?:👩‍👩‍👧‍👦)+…$/u);
    expect(Buffer.byteLength(data["body"]!)).toBeGreaterThan(3_500);
  });
});
