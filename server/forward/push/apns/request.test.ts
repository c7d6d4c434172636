import { expect, test } from "vitest";
import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import { Jid } from "../../../xmpp/jid.ts";
import type { PushMessage } from "../message.ts";
import { counted, sampleEvent, samplePush } from "../testing.ts";
import { renderApns } from "./payload.ts";
import { notificationId, requestOf, shownToken } from "./request.ts";
import { apnsTarget, phone } from "./testing.ts";

test("apns-id is a UUID that only the event's id decides", () => {
  const id = notificationId("evt_0aLh3ZkX2JmN8vQ1tYb7Rw_d1");
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(notificationId("evt_0aLh3ZkX2JmN8vQ1tYb7Rw_d1")).toBe(id);
  expect(notificationId("evt_0aLh3ZkX2JmN8vQ1tYb7Rw_d2")).not.toBe(id);
});

test("a token is shown by its beginning", () => {
  expect(shownToken("0123456789abcdef")).toBe("01234567…");
});

function collapseId(settings: Partial<ApnsTarget>, message: Partial<PushMessage> = {}, user = "juliet@example.org") {
  const target = apnsTarget(settings);
  const full = samplePush(message);
  const payload = counted(renderApns(full, target), 3);
  const route = { environment: "production", deviceToken: "aa", isVoip: false, payload } as const;
  const event = sampleEvent(payload, phone(), 0, { class: full.class, user });
  const { headers } = requestOf(event, route, target, "jwt");
  return headers["apns-collapse-id"];
}

test("pushes that show what was written stand for themselves", () => {
  expect(collapseId({ content: "full" })).toBeUndefined();
  expect(collapseId({ content: "preview" })).toBeUndefined();
});

test.each(["alert", "background"] as const)("pushes without content replace the one before (%s)", (mode) => {
  const settings = { mode, content: "sender" } as const;
  const one = collapseId(settings);
  expect(String(one).length).toBeLessThanOrEqual(64);
  // Another message, and another resource, of the same person.
  expect(collapseId(settings, { id: "evt_2", from: Jid.parse("romeo@example.org/phone") })).toBe(one);
  expect(collapseId(settings, { from: Jid.parse("nurse@example.net/phone") })).not.toBe(one);
  expect(collapseId(settings, {}, "rosaline@example.org")).not.toBe(one);
  // Where not even the sender is told, there is one for all.
  const all = collapseId({ mode, content: "none" });
  expect(collapseId({ mode, content: "none" }, { from: Jid.parse("nurse@example.net/phone") })).toBe(all);
});

test.each(["call", "subscription", "normal"] as const)("a push about a %s stands for itself", (of) => {
  expect(collapseId({ content: "sender" }, { class: of })).toBeUndefined();
});
