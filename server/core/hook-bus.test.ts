import { expect, test, vi } from "vitest";
import { Jid } from "../xmpp/jid.ts";
import { HandlerCost } from "./handler-cost.ts";
import { HookBus } from "./hook-bus.ts";
import { createLog, type LogRecord } from "./log.ts";

const event = { user: Jid.parse("anna@a.example"), from: Jid.parse("bea@b.example") };

function busOf() {
  const complaints: LogRecord[] = [];
  return { bus: new HookBus(createLog("warn", (record) => complaints.push(record))), complaints };
}

test("handlers run by priority until one answers, and what each did is counted", async () => {
  const { bus } = busOf();
  const order: string[] = [];
  bus.add("late", "presence/visible", () => void order.push("late"), 90);
  bus.add("first", "presence/visible", () => void order.push("first"), 10);
  bus.add("waits", "presence/visible", async () => void order.push("waits"), 20);
  bus.add("decides", "presence/visible", () => (order.push("decides"), true), 30);
  expect(await bus.fire("presence/visible", event)).toBe(true);
  expect(order).toEqual(["first", "waits", "decides"]);
  expect(bus.chain("presence/visible").map(({ module, calls, errors }) => [module, calls, errors])).toEqual([
    ["first", 1, 0],
    ["waits", 1, 0],
    ["decides", 1, 0],
    ["late", 0, 0],
  ]);
  expect(bus.names()).toEqual(["presence/visible"]);
});

test("a handler that fails is named, counted and left behind", async () => {
  const { bus, complaints } = busOf();
  const broken = (): never => {
    throw new Error("broke");
  };
  bus.add("throws", "presence/visible", broken, 10);
  bus.add("rejects", "presence/visible", () => Promise.reject(new Error("broke")), 20);
  bus.add("late", "presence/visible", broken, 30);
  bus.add("decides", "presence/visible", () => false, 40);
  expect(await bus.fire("presence/visible", event)).toBe(false);
  expect(bus.chain("presence/visible").map(({ errors }) => errors)).toEqual([1, 1, 1, 0]);
  expect(complaints.map(({ fields }) => fields["handler"])).toEqual(["throws", "rejects", "late"]);
});

test("the observer is told who ended a run, also after a promise", async () => {
  const { bus } = busOf();
  const seen = vi.fn();
  bus.observe("presence/visible", seen);
  bus.add("passes", "presence/visible", () => undefined, 10);
  void bus.fire("presence/visible", event);
  expect(seen).not.toHaveBeenCalled();
  const remove = bus.add("decides", "presence/visible", () => true, 20);
  void bus.fire("presence/visible", event);
  remove();
  bus.add("later", "presence/visible", () => Promise.resolve(false), 20);
  await bus.fire("presence/visible", event);
  expect(seen.mock.calls.map(([module, , result]) => [module, result])).toEqual([
    ["decides", true],
    ["later", false],
  ]);
});

test("of many runs some are timed, whatever else is fired in between", () => {
  const { bus } = busOf();
  bus.add("one", "presence/visible", () => undefined);
  bus.add("other", "stanza/blocked", () => undefined);
  for (let index = 0; index < 200; index += 1) {
    void bus.fire("presence/visible", event);
    void bus.fire("stanza/blocked", { user: event.user, other: event.from });
  }
  expect(bus.chain("presence/visible")[0]).toMatchObject({ calls: 200, p95Us: expect.any(Number) });
  expect(bus.chain("stanza/blocked")[0]).toMatchObject({ calls: 200, p95Us: expect.any(Number) });
});

test.each([
  { ms: [], p95: null },
  { ms: [0], p95: 0.0625 },
  { ms: [0.01], p95: 10 },
  { ms: [...Array.from({ length: 95 }, () => 0.001), ...Array.from({ length: 5 }, () => 50)], p95: 1 },
  { ms: [...Array.from({ length: 90 }, () => 0.001), ...Array.from({ length: 10 }, () => 50)], p95: 50_000 },
  { ms: [1e9], p95: 1e6 },
])("the time that 95 of 100 stay below is right to a fifth: $p95 µs", ({ ms, p95 }) => {
  const cost = new HandlerCost();
  for (const one of ms) cost.took(one);
  if (p95 === null) expect(cost.p95Us).toBeNull();
  else if (p95 === 1e6) expect(cost.p95Us).toBeGreaterThanOrEqual(1e5);
  else {
    expect(cost.p95Us).toBeGreaterThanOrEqual(p95);
    expect(cost.p95Us).toBeLessThanOrEqual(p95 * 1.2);
  }
});
