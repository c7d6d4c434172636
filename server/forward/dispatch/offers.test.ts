import { afterEach, expect, test, vi } from "vitest";
import { commitEvent, newEvent, startBench, startSink, targetFor, type Bench, type SeenRequest } from "../testing.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function setUp(settings: Parameters<typeof targetFor>[1] = {}) {
  const sink = await startSink();
  closing.push(() => sink.close());
  const bench = await startBench({ hook: targetFor(sink.url, settings) });
  closing.push(() => bench.close());
  // The first look shows that nothing is left over.
  const [first] = await bench.enqueue("first", ["0"]);
  await bench.reached(first!, "delivered");
  for (let look = 0; look < 5; look += 1) await bench.stores.outbox.due();
  const claim = vi.spyOn(bench.stores.outbox, "claim");
  const given: string[] = [];
  bench.stores.onClaimed((lanes) => given.push(...lanes.map(({ lane }) => lane)));
  return { sink, bench, claim, given };
}

/** As the store sees it: nobody wakes the dispatcher. */
async function commit({ stores, time }: Bench, lane: string, body: string): Promise<string> {
  const event = newEvent(lane, body, time.clock.now());
  await commitEvent(stores, event);
  return event.id;
}

test("what comes while there is room is sent without being asked for, again and again", async () => {
  const { sink, bench, claim } = await setUp();
  for (const body of ["1", "2", "3"]) await bench.reached(await commit(bench, "juliet", body), "delivered");
  expect(sink.seen.map(({ body }) => body)).toEqual(["0", "1", "2", "3"]);
  expect(claim).not.toHaveBeenCalled();
});

test("no more is taken than may be under way, and what waits is not overtaken", async () => {
  const { sink, bench } = await setUp({ concurrency: 2 });
  const held: SeenRequest[] = [];
  sink.behave = (request) => held.push(request);
  for (const lane of ["a", "b", "c", "d"]) await commit(bench, lane, lane);
  bench.dispatcher.wake();
  await sink.received(3);
  expect(held.map(({ body }) => body)).toEqual(["a", "b"]);
  const late = await commit(bench, "late", "late");
  sink.behave = (request) => request.answer(200);
  for (const request of held) request.answer(200);
  await bench.reached(late, "delivered");
  expect(sink.seen.map(({ body }) => body).slice(1)).toEqual(["a", "b", "c", "d", "late"]);
  expect(sink.peak).toBe(2);
});

test.each([
  ["paused", { paused: true }],
  ["with a rate", { ratePerSecond: 1 }],
])("a target that is %s is given nothing unasked", async (_, settings) => {
  const { sink, bench, given } = await setUp();
  bench.dispatcher.configure(new Map([["hook", targetFor(sink.url, settings)]]));
  await commit(bench, "juliet", "1");
  expect(given).toEqual([]);
});

test("a target that fails is given nothing unasked", async () => {
  const { sink, bench, given } = await setUp();
  sink.behave = (request) => request.answer(503);
  for (let lane = 0; lane < 10; lane += 1) {
    const id = await commit(bench, `l${lane}`, "x");
    await bench.reached(id, lane < 9 ? "retrying" : "held");
  }
  expect(given).toHaveLength(10);
  await commit(bench, "late", "1");
  expect(given).toHaveLength(10);
});
