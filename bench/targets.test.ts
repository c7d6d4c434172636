import { describe, expect, test } from "vitest";
import type { Measured } from "./measured.ts";
import { summaryOf, tableOf } from "./table.ts";
import { least, own, toBest, verdictOf } from "./targets.ts";

const none = { cost: null, latencyMs: null, bytes: null };
const cpu = (subject: string, what: string, cpuUs: number): Measured => ({
  ...none,
  subject,
  what,
  cost: { operations: 1, perSecond: 1, cpuUs, instructions: null, generatorShare: 0.5 },
});
const late = (subject: string, p99: number, p999: number): Measured => ({
  ...cpu(subject, "chat, 1000 a second", 50),
  latencyMs: { p50: 0.1, p99, p999 },
});
const big = (subject: string, kilobytes: number): Measured => ({
  ...none,
  subject,
  what: "idle session",
  bytes: kilobytes * 1024,
});
const chat = "chat, window 10";

describe("a target", () => {
  test.each<[name: string, what: string, all: readonly Measured[], reached: string | null, isMet: boolean]>([
    ["is of the cheapest other", chat, [cpu(own, chat, 20), cpu("a", chat, 200), cpu("b", chat, 100)], "0.20", true],
    ["is not of the relay", chat, [cpu(own, chat, 20), cpu(least, chat, 1), cpu("a", chat, 50)], "0.40", false],
    ["takes medians", chat, [1, 20, 99].map((us) => cpu(own, chat, us)).concat(cpu("a", chat, 100)), "0.20", true],
    ["needs somebody to compare with", chat, [cpu(own, chat, 20), cpu(least, chat, 1)], null, false],
    [
      "looks at both ends of the tail",
      "chat, 1000 a second",
      [late(own, 1, 9), late(least, 1, 3)],
      "1.0 and 3.0",
      false,
    ],
    ["is met where both are", "chat, 1000 a second", [late(own, 1, 4), late(least, 1, 3)], "1.0 and 1.3", true],
    ["may be a size", "idle session", [big(own, 11.96)], "12.0", true],
    ["that is too large is missed", "idle session", [big(own, 15)], "15.0", false],
  ])("%s", (_name, what, all, reached, isMet) => {
    expect(verdictOf(what, all)).toMatchObject({ reached, isMet });
  });

  test("is not there for everything", () => {
    expect(verdictOf("chat, window 10, acknowledged", [])).toBeNull();
    expect(toBest(chat, [cpu(own, chat, 20)])).toBeNull();
  });
});

describe("the tables", () => {
  const all = [cpu(own, chat, 20), cpu(least, chat, 2), cpu("a", chat, 50), big(own, 10)];

  test("begin with what is missed", () => {
    expect(summaryOf(all).split("\n")).toEqual([
      "| missed | reached | target |",
      "| --- | ---: | ---: |",
      "| chat, window 10 | 0.40 | 0.3 of the best |",
      "",
      "|  | Nightpost | a | bare Node relay | to the best | target |",
      "| --- | ---: | ---: | ---: | ---: | ---: |",
      "| chat, window 10 | 20.0 | 50.0 | 2.0 | 0.40 | 0.3 of the best: **missed** |",
      "| idle session | 10.0 KB | - | - | - | 12 KB: met |",
    ]);
    expect(summaryOf([big(own, 10)])).toMatch(/^Every target is met\./);
  });

  test("have a line for each server, ours with the target", () => {
    const lines = tableOf(all).split("\n");
    expect(lines).toHaveLength(2 + all.length);
    expect(lines[2]).toMatch(
      /^\| chat, window 10 \| Nightpost \| 20\.0 \| 50,000 \|.*\| 0\.3 of the best \| 0\.40, \*\*missed\*\* \|$/,
    );
    expect(lines[3]).toMatch(/\|  \|  \|$/);
  });
});
