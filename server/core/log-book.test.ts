import { expect, test, vi } from "vitest";
import { manualClock } from "./clock.ts";
import { LogBook } from "./log-book.ts";
import { LogLevels } from "./log-levels.ts";
import { createLog, type LogRecord } from "./log.ts";

test("records are numbered without a gap, and the oldest go when there is no room", () => {
  const log = createLog("info");
  const book = new LogBook(log, 100);
  expect([book.oldest, book.head]).toEqual([101, 100]);
  for (let index = 1; index <= 10_001; index += 1) log.info(`${index}`);
  expect(book.head).toBe(10_101);
  expect(book.oldest).toBe(1_101);
  expect(book.get(1_101)?.message).toBe("1001");
  expect(book.get(10_101)?.message).toBe("10001");
  expect([book.get(1_100), book.get(10_102)]).toEqual([undefined, undefined]);
});

test("what an earlier run wrote comes before all others, to be read and not to be followed", () => {
  const log = createLog("info");
  const book = new LogBook(log, 100);
  log.info("first");
  const earlier = ["a", "b"].map((message) => ({ at: 1, level: "info", module: "m", message, fields: {} }) as const);
  book.precede(earlier);
  expect([book.oldest, book.oldestOfRun, book.head]).toEqual([99, 101, 101]);
  expect([99, 100, 101].map((id) => [book.get(id)?.id, book.get(id)?.message])).toEqual([
    [99, "a"],
    [100, "b"],
    [101, "first"],
  ]);
});

test("fields become plain data of bounded size", () => {
  const log = createLog("info");
  const book = new LogBook(log, 0);
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  log.info("x".repeat(5_000), {
    error: new Error("broke"),
    many: { a: [1] },
    long: "y".repeat(5_000),
    cycle,
    big: 10n,
  });
  const record = book.get(1)!;
  expect(record.message).toHaveLength(2_001);
  expect(record.fields).toMatchObject({ error: "broke", many: { a: [1] }, big: "10" });
  expect(String(record.fields["long"])).toHaveLength(2_001);
  expect(JSON.stringify(record)).toContain("broke");
});

test("warnings and errors are counted by module and host; what a hook says of a handler counts for its module", () => {
  const log = createLog("debug");
  const book = new LogBook(log, 0);
  log.for("muc", { host: "a.example" }).warn("w");
  log.for("muc", { host: "a.example" }).info("i");
  log.for("hooks", { host: "a.example" }).error("a hook handler failed", { handler: "muc" });
  log.for("muc").error("e");
  expect(book.faults("muc", "a.example")).toEqual({ warnings: 1, errors: 1 });
  expect(book.faults("muc", "")).toEqual({ warnings: 0, errors: 1 });
  expect(book.faults("muc", "b.example")).toEqual({ warnings: 0, errors: 0 });
  expect(book.modules()).toEqual(["hooks", "muc"]);
});

test("a level holds for a while, for one module or for all, and is then what it was", () => {
  vi.useFakeTimers();
  try {
    const seen: LogRecord[] = [];
    const log = createLog("warn", (record) => seen.push(record));
    const changed = vi.fn();
    const levels = new LogLevels(log, manualClock(), changed);
    const said = (module: string): boolean => {
      const before = seen.length;
      log.for(module).debug("x");
      return seen.length > before;
    };
    levels.set("muc", "debug", "anna", 60_000);
    expect([said("muc"), said("archive")]).toEqual([true, false]);
    levels.set(null, "debug", "anna", 30_000);
    expect([said("muc"), said("archive")]).toEqual([true, true]);
    expect(levels.list().map(({ module, level, by }) => [module, level, by])).toEqual([
      ["muc", "debug", "anna"],
      [null, "debug", "anna"],
    ]);
    vi.advanceTimersByTime(30_000);
    expect([said("muc"), said("archive")]).toEqual([true, false]);
    // Set again: the time begins anew.
    levels.set("muc", "info", "bea", 60_000);
    expect(said("muc")).toBe(false);
    vi.advanceTimersByTime(59_999);
    expect(levels.list()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(levels.list()).toEqual([]);
    expect(levels.revert("muc")).toBe(false);
    expect(changed).toHaveBeenCalledTimes(5);
    levels.close();
  } finally {
    vi.useRealTimers();
  }
});
