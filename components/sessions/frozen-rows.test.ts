import { describe, expect, test } from "vitest";
import type { OnlineSession } from "@/lib/contracts/sessions.ts";
import { frozenRows } from "./frozen-rows.ts";
import { ratesBetween } from "./rates.ts";

const session = (jid: string, more: Partial<OnlineSession> = {}): OnlineSession => ({
  jid,
  host: "bix.org",
  address: "192.0.2.1",
  port: 1,
  transport: "tls",
  tls: null,
  secure: true,
  mechanism: "PLAIN",
  software: null,
  device: null,
  priority: 0,
  show: "",
  status: "",
  since: "2026-11-22T08:00:00.000Z",
  lastActive: "2026-11-22T08:00:00.000Z",
  hibernating: false,
  isInactive: false,
  unconfirmed: null,
  isPushed: false,
  stanzasIn: 0,
  stanzasOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  ...more,
});
const page = (jids: string, nextCursor: string | null = null) => ({
  items: Array.from(jids, (jid) => session(jid)),
  nextCursor,
});

describe("what has changed under a list that stands still", () => {
  test.each([
    ["nothing", "abc", "abc", null, null, 0, ""],
    ["one came, one went", "abd", "acd", null, null, 1, "b"],
    ["all went", "ab", "", null, null, 0, "ab"],
    ["one came and pushed the last off the page", "bcd", "abc", "next", "next", 1, ""],
    ["one went, and the next page moved up", "abc", "acd", "next", "next", 0, "b"],
    ["more came behind the page", "ab", "abcd", "next", null, 0, ""],
    ["the list has become shorter than the page", "abc", "ab", null, null, 0, "c"],
  ])("%s", (_, held, latest, heldNext, latestNext, fresh, ended) => {
    const merged = frozenRows(page(held, heldNext), page(latest, latestNext));
    expect(merged.rows.map(({ jid }) => jid).join("")).toBe(held);
    expect(merged.fresh).toBe(fresh);
    expect([...merged.ended].join("")).toBe(ended);
  });

  test("rows are told as they are now", () => {
    const latest = { items: [session("a", { stanzasIn: 7 })], nextCursor: null };
    expect(frozenRows(page("a"), latest).rows[0]).toMatchObject({ jid: "a", stanzasIn: 7 });
  });
});

test("rates are of the same session, and of its connection", () => {
  const before = [
    session("a", { stanzasIn: 10, bytesIn: 1000 }),
    session("b", { bytesOut: 5000 }),
    session("c", { stanzasIn: 3 }),
  ];
  const after = [
    session("a", { stanzasIn: 20, bytesIn: 2000 }),
    session("b", { bytesOut: 100 }),
    session("c", { stanzasIn: 9, since: "2026-11-22T09:00:00.000Z" }),
    session("d"),
  ];
  const rates = ratesBetween(before, after, 5);
  expect(rates.get("a")).toEqual({ stanzasIn: 2, stanzasOut: 0, bytesIn: 200, bytesOut: 0 });
  expect(rates.get("b")).toMatchObject({ bytesOut: 20 });
  expect([rates.has("c"), rates.has("d")]).toEqual([false, false]);
});
