import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { silentLog } from "../../core/log.ts";
import type { Outbox } from "../../storage/ports.ts";
import { manualTime, startBench, startSink, targetFor, type Bench, type Sink } from "../testing.ts";
import { Replays, type ReplayOptions } from "./replays.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

/** Of the other two kinds there is nothing to do. */
const others: Pick<ReplayOptions, "missing" | "rerouting"> = {
  missing: () => ({ next: () => Promise.resolve({ events: [], upTo: null }) }),
  rerouting: () => ({ quota: () => 1_000, step: () => Promise.resolve({ moved: 0, left: 0, upTo: null }) }),
};

/** A dispatcher whose web server refuses everything for good, until told otherwise. */
async function setUp(): Promise<{ sink: Sink; bench: Bench; replays: Replays }> {
  const sink = await startSink((request) => request.answer(400, { "webhook-delivery": "abort-message" }));
  const bench = await startBench({ hook: targetFor(sink.url) });
  const { outbox } = bench.stores;
  const wake = (targets: Iterable<string>): void => bench.dispatcher.wake(targets);
  const replays = new Replays({ outbox, ...bench.time, log: silentLog, ...others, wake });
  open.push(sink, bench, replays);
  return { sink, bench, replays };
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

test("everything that was dead arrives, once, with its id, in the order of its lane", async () => {
  const { sink, bench, replays } = await setUp();
  const lanes = numbers(50);
  const ids = await Promise.all(
    lanes.map((lane) =>
      bench.enqueue(
        lane,
        numbers(10).map((body) => `${lane}:${body}`),
      ),
    ),
  );
  await Promise.all(ids.flat().map((id) => bench.reached(id, "dead")));
  expect(await replays.count({ target: "hook" })).toBe(500);
  expect(await replays.count({ target: "other" })).toBe(0);

  const before = sink.seen.length;
  sink.behave = (request) => request.answer(200);
  const replay = await replays.start({ target: "hook" }, "boss");
  expect(replay).toMatchObject({ state: "running", by: "boss", matching: 500, finishedAt: null });
  await Promise.all(ids.flat().map((id) => bench.reached(id, "delivered")));
  const seen = sink.seen.slice(before);
  expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.flat().toSorted());
  expect(seen.every(({ headers }) => headers["x-forward-replay"] === "1")).toBe(true);
  expect(sink.seen.slice(0, before).every(({ headers }) => headers["x-forward-replay"] === undefined)).toBe(true);
  for (const lane of lanes) {
    const bodies = seen.flatMap(({ body }) => (body.startsWith(`${lane}:`) ? [body.slice(lane.length + 1)] : []));
    expect(bodies).toEqual(numbers(10));
  }
  expect(replays.get(replay!.id)).toMatchObject({ state: "done", replayed: 500 });
});

test("an event that was brought back has its attempts anew", async () => {
  const { sink, bench, replays } = await setUp();
  const [id] = await bench.enqueue("juliet", ["hello"], { maxAttempts: 2 });
  await bench.reached(id!, "dead");
  sink.behave = (request) => request.answer(503);
  await replays.start({ ids: [id!] }, "boss");
  const stored = async () => (await bench.stores.outbox.find(id!))!;
  await expect.poll(stored, { interval: 5 }).toMatchObject({ state: "retrying", attempts: 2 });
  await expect.poll(() => bench.dispatcher.health().get("hook")!.inFlight, { interval: 5 }).toBe(0);
  await bench.time.advance(2_400);
  await sink.received(3);
  await expect.poll(stored, { interval: 5 }).toMatchObject({ state: "dead", attempts: 3 });
  expect(sink.seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
});

/** An outbox that has no end of dead events, of which `backlog` wait. */
function endless(backlog: () => number): {
  replays: Replays;
  steps: () => number;
  time: ReturnType<typeof manualTime>;
} {
  const time = manualTime();
  let steps = 0;
  const outbox: ReplayOptions["outbox"] = {
    countDead: () => Promise.resolve(1_000_000),
    due: () => Promise.resolve([{ target: "hook", dueAt: 0, backlog: backlog() }]),
    add: () => Promise.resolve(0),
    replay: async (_filter, after): ReturnType<Outbox["replay"]> => {
      steps += 1;
      await nextTurn();
      return { replayed: 200, targets: ["hook"], upTo: after + 200 };
    },
  };
  const replays = new Replays({ outbox, ...time, log: silentLog, ...others, wake: () => {} });
  open.push(replays);
  return { replays, steps: () => steps, time };
}

test("it waits for a target that does not take more, and can be stopped", async () => {
  let backlog = 5_000;
  const { replays, steps, time } = endless(() => backlog);
  const { id } = (await replays.start({}, "boss"))!;
  const stepsLater = async (): Promise<number> => {
    await time.advance(50);
    return steps();
  };
  for (let turn = 0; turn < 20; turn += 1) expect(await stepsLater()).toBe(1);
  backlog = 4_999;
  await expect.poll(stepsLater, { interval: 1 }).toBeGreaterThan(10);
  replays.stop(id);
  const { state, replayed, finishedAt } = replays.get(id)!;
  expect({ state, finishedAt }).toEqual({ state: "stopped", finishedAt: time.clock.now() });
  await time.advance(1_000);
  expect(steps() * 200 - replayed).toBeLessThanOrEqual(200);
  replays.stop(id);
  expect(replays.get(id)!.state).toBe("stopped");
});

test("what is brought to another target leaves room for what comes there of itself", async () => {
  const time = manualTime();
  let backlog = 900;
  let steps = 0;
  const outbox: ReplayOptions["outbox"] = {
    countDead: () => Promise.resolve(1_000),
    due: () => Promise.resolve([{ target: "heir", dueAt: 0, backlog }]),
    add: () => Promise.resolve(0),
    replay: () => Promise.reject(new Error("not to its own target")),
  };
  const rerouting: ReplayOptions["rerouting"] = () => ({
    quota: () => 1_000,
    step: async (after) => {
      steps += 1;
      await nextTurn();
      return { moved: 90, left: 10, upTo: steps < 3 ? after + 100 : null };
    },
  });
  const replays = new Replays({ outbox, ...time, ...others, rerouting, log: silentLog, wake: () => {} });
  open.push(replays);
  const { id } = (await replays.startElsewhere({}, "heir", "boss"))!;
  for (let turn = 0; turn < 5; turn += 1) await time.advance(50);
  expect(steps).toBe(0);
  backlog = 899;
  await expect
    .poll(
      async () => {
        await time.advance(50);
        return replays.get(id);
      },
      { interval: 1 },
    )
    .toMatchObject({ state: "done", kind: "dead", to: "heir", replayed: 270, left: 30 });
});

test("only a few run at once, and the old ones are forgotten", async () => {
  const { replays } = endless(() => 1_000_000);
  for (let count = 0; count < 30; count += 1) replays.stop((await replays.start({}, "boss"))!.id);
  expect(replays.list()).toHaveLength(20);
  const started = await Promise.all(Array.from({ length: 6 }, () => replays.start({}, "boss")));
  expect(started.filter((replay) => replay !== null)).toHaveLength(4);
  expect(replays.list()[0]).toMatchObject({ state: "running" });
});

test("a store that fails ends it", async () => {
  const time = manualTime();
  const outbox: ReplayOptions["outbox"] = {
    countDead: () => Promise.resolve(1),
    due: () => Promise.resolve([]),
    add: () => Promise.resolve(0),
    replay: () => Promise.reject(new Error("gone")),
  };
  const replays = new Replays({ outbox, ...time, log: silentLog, ...others, wake: () => {} });
  const { id } = (await replays.start({}, "boss"))!;
  await expect.poll(() => replays.get(id)!.state, { interval: 1 }).toBe("failed");
});
