import { describe, expect, it } from "vitest";
import { Jid } from "../../xmpp/jid.ts";
import { BlockList } from "./block-list.ts";

describe("a block list", () => {
  const entries: [string, string[], string[]][] = [
    ["romeo@a.example/orchard", ["romeo@a.example/orchard"], ["romeo@a.example", "romeo@a.example/home"]],
    ["romeo@a.example", ["romeo@a.example", "romeo@a.example/orchard"], ["romeo@b.example", "a.example"]],
    ["a.example/bot", ["a.example/bot", "romeo@a.example/bot"], ["a.example", "romeo@a.example/orchard"]],
    ["a.example", ["a.example", "romeo@a.example", "a.example/bot"], ["sub.a.example"]],
  ];
  it.each(entries)("with %s", (entry, blocked, free) => {
    const list = BlockList.of([entry]);
    for (const jid of blocked) expect([jid, list.has(Jid.parse(jid))]).toEqual([jid, true]);
    for (const jid of free) expect([jid, list.has(Jid.parse(jid))]).toEqual([jid, false]);
  });

  it("is the same empty one whenever nobody is left", () => {
    expect(BlockList.of(["a.example"]).without(["a.example"])).toBe(BlockList.empty);
    expect(BlockList.of([])).toBe(BlockList.empty);
  });
});
