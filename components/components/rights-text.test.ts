import { expect, test } from "vitest";
import { delegationsFrom, delegationsText, iqFrom, iqText } from "./rights-text.ts";

test("rights are read as they are written", () => {
  const iq = { "http://jabber.org/protocol/pubsub": "both", "urn:xmpp:http:upload:0": "get" } as const;
  expect(iqFrom(iqText(iq))).toEqual({ ok: true, value: iq });
  const delegations = [
    { namespace: "urn:xmpp:mam:2", attributes: ["node"] },
    { namespace: "http://jabber.org/protocol/pubsub", attributes: [] },
  ];
  expect(delegationsFrom(delegationsText(delegations))).toEqual({ ok: true, value: delegations });
});

test.each([
  ["urn:a get\n\nurn:b", 3],
  ["urn:a all", 1],
  ["urn:a get set", 1],
])("%j is wrong in line %i", (text, line) => {
  expect(iqFrom(text)).toEqual({ ok: false, line });
});

test("what gives rights cannot be delegated", () => {
  expect(delegationsFrom("urn:a\nurn:xmpp:privilege:2")).toEqual({ ok: false, line: 2 });
});
