import { expect, test } from "vitest";
import type { StanzaRecord } from "@/lib/contracts/stanzas.ts";
import { Replies } from "./replies.ts";

const row = (seq: number, changes: Partial<StanzaRecord>): StanzaRecord => ({
  watch: "w",
  seq,
  at: new Date(seq * 10).toISOString(),
  direction: "in",
  jid: "anna@a.example/phone",
  kind: "iq",
  type: "get",
  id: "1",
  payload: null,
  bytes: 10,
  xml: "<iq/>",
  masked: true,
  missed: 0,
  ...changes,
});

test("an answer belongs to the request of the same session and id that went the other way", () => {
  const replies = new Replies();
  replies.take(row(1, {}));
  replies.take(row(2, { jid: "bea@a.example/desk" }));
  replies.take(row(3, { direction: "in", type: "result" }));
  expect(replies.of(1)).toBeUndefined();
  replies.take(row(4, { direction: "out", type: "error" }));
  expect(replies.of(1)).toEqual({ seq: 4, ms: 30 });
  expect(replies.of(4)).toEqual({ seq: 1, ms: 30 });
  expect(replies.of(2)).toBeUndefined();
});

test("an id that is used again is a new request", () => {
  const replies = new Replies();
  replies.take(row(1, {}));
  replies.take(row(2, { direction: "out", type: "result" }));
  replies.take(row(3, {}));
  replies.take(row(4, { direction: "out", type: "result" }));
  expect(replies.of(3)).toEqual({ seq: 4, ms: 10 });
  expect(replies.of(1)).toEqual({ seq: 2, ms: 10 });
});
