import { expect, test } from "vitest";
import { parseForm } from "../../../xmpp/forms.ts";
import { Jid } from "../../../xmpp/jid.ts";
import { NS } from "../../../xmpp/namespaces.ts";
import { Stanza } from "../../../xmpp/stanza.ts";
import type { PushMessage } from "../message.ts";
import { renderAppServer } from "./payload.ts";

const message: PushMessage = {
  id: "evt_1",
  class: "chat",
  from: Jid.parse("romeo@montague.example/orchard"),
  to: Jid.parse("juliet@capulet.example"),
  user: Jid.parse("juliet@capulet.example"),
  host: "capulet.example",
  at: 0,
  room: null,
  sender: "romeo",
  text: "It is the <east> & '0'",
  isEncrypted: false,
  stanzaId: null,
  messageId: null,
  thread: null,
  call: null,
};
const target = { includeSender: false, body: "static", text: "New message" } as const;

/** Values of the summary, once the store has written how many messages wait. */
function summary(over: Partial<PushMessage>, settings: Partial<Parameters<typeof renderAppServer>[1]> = {}) {
  const { text, unreadAt, contentType } = renderAppServer({ ...message, ...over }, { ...target, ...settings });
  expect(contentType).toBe("application/xml");
  const counted = unreadAt === undefined ? text : `${text.slice(0, unreadAt)}7${text.slice(unreadAt)}`;
  const notification = Stanza.parse(counted).element;
  expect(notification.is("notification", "urn:xmpp:push:0")).toBe(true);
  const form = parseForm(notification.child("x", NS.forms)!)!;
  expect([form.type, form.formType]).toEqual(["submit", "urn:xmpp:push:summary"]);
  return Object.fromEntries(
    [...form.values].filter(([name]) => name !== "FORM_TYPE").map(([name, [one]]) => [name, one]),
  );
}

test.each([
  ["by default", {}, {}, { "last-message-body": "New message" }],
  ["no body", {}, { body: "none" as const }, {}],
  ["what was written", {}, { body: "full" as const }, { "last-message-body": message.text }],
  ["nothing written", { text: null }, { body: "full" as const }, { "last-message-body": "New message" }],
  ["encrypted", { text: null, isEncrypted: true }, { body: "full" as const, text: "0" }, { "last-message-body": "0" }],
  [
    "the sender",
    {},
    { includeSender: true, body: "none" as const },
    { "last-message-sender": "romeo@montague.example/orchard" },
  ],
])("a message: %s", (_, over, settings, expected) => {
  expect(summary(over, settings)).toEqual({ "message-count": "7", ...expected });
});

test("a subscription request counts as one", () => {
  expect(summary({ class: "subscription", text: null })).toEqual({
    "pending-subscription-count": "1",
    "last-message-body": "New message",
  });
});

test("a long body is cut between characters", () => {
  const { "last-message-body": body = "" } = summary({ text: "👩‍👩‍👧".repeat(2000) }, { body: "full" });
  expect(body).toBe(`${"👩‍👩‍👧".repeat(1000)}…`);
});
