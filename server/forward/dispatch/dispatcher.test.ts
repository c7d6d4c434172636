import { afterEach, describe, expect, test } from "vitest";
import type { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { SHARED_LANE } from "../../storage/shared-lane.ts";
import { startBench, startSink, targetFor, type Bench, type SeenRequest, type Sink } from "../testing.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function setUp(
  behave?: (request: SeenRequest) => void,
  settings: Partial<WebhookTarget> = {},
): Promise<{ sink: Sink; bench: Bench }> {
  const sink = await startSink(behave);
  open.push(sink);
  const bench = await startBench({ hook: targetFor(sink.url, settings) });
  open.push(bench);
  return { sink, bench };
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `${from + index}`);

describe("lanes", () => {
  test("events of one recipient go one at a time and in order", async () => {
    const held: SeenRequest[] = [];
    const { sink, bench } = await setUp((request) => held.push(request));
    await bench.enqueue("juliet", numbers(0, 20));
    for (let count = 1; count <= 20; count += 1) {
      await sink.received(count);
      expect(sink.peak).toBe(1);
      held.pop()!.answer(200);
    }
    expect(sink.seen.map(({ body }) => body)).toEqual(numbers(0, 20));
  });

  test("an event that arrives while its lane is at work follows without another commit", async () => {
    const held: SeenRequest[] = [];
    const { sink, bench } = await setUp((request) => held.push(request));
    await bench.enqueue("juliet", ["first"]);
    await sink.received(1);
    await bench.enqueue("juliet", ["second"]);
    held.pop()!.answer(200);
    await sink.received(2);
    held.pop()!.answer(200);
    expect(sink.seen[1]!.body).toBe("second");
  });

  test("no more attempts are open than the target allows", async () => {
    const held: SeenRequest[] = [];
    const { sink, bench } = await setUp((request) => held.push(request), { concurrency: 64 });
    for (const lane of numbers(0, 100)) void bench.enqueue(lane, ["hello"]);
    await sink.received(64);
    expect(bench.dispatcher.health().get("hook")!.inFlight).toBe(64);
    sink.behave = (request) => request.answer(200);
    for (const request of held) request.answer(200);
    await sink.received(100);
    expect(sink.peak).toBe(64);
  });

  test("a head that fails holds back its own lane only", async () => {
    const { sink, bench } = await setUp((request) => request.answer(request.body.startsWith("bad") ? 500 : 200));
    const [bad] = await bench.enqueue("juliet", ["bad", "after"]);
    await bench.reached(bad!, "retrying");
    const [other] = await bench.enqueue("nurse", ["hello"]);
    await bench.reached(other!, "delivered");
    expect(sink.seen.map(({ body }) => body)).toEqual(["bad", "hello"]);
    sink.behave = (request) => request.answer(200);
    await bench.time.advance(2_400);
    await sink.received(4);
    expect(sink.seen.map(({ body }) => body)).toEqual(["bad", "hello", "bad", "after"]);
  });

  test("events in the one lane of a target go in one order, whoever they are for, and a head that fails holds back all", async () => {
    const { sink, bench } = await setUp((request) => request.answer(request.body === "2" ? 500 : 200));
    const order = { lane: SHARED_LANE };
    await bench.enqueue("juliet", ["1"], order);
    const [bad] = await bench.enqueue("nurse", ["2"], order);
    await bench.enqueue("juliet", ["3", "4"], order);
    await bench.reached(bad!, "retrying");
    const [last] = await bench.enqueue("romeo", ["5"], order);
    sink.behave = (request) => request.answer(200);
    await bench.time.advance(2_400);
    await bench.reached(last!, "delivered");
    expect(sink.seen.map(({ body }) => body)).toEqual(["1", "2", "2", "3", "4", "5"]);
    expect(sink.peak).toBe(1);
  });

  test("a target that hangs does not delay another one", async () => {
    const slow = await startSink(() => {});
    const quick = await startSink();
    open.push(slow, quick);
    const bench = await startBench({ slow: targetFor(slow.url, { timeoutMs: 500 }), quick: targetFor(quick.url) });
    open.push(bench);
    for (const lane of numbers(0, 40)) void bench.enqueue(lane, ["hello"], { target: "slow" });
    await slow.received(32);
    const ids = await bench.enqueue("juliet", numbers(0, 10), { target: "quick" });
    await bench.reached(ids.at(-1)!, "delivered");
    expect(bench.dispatcher.health().get("slow")!.inFlight).toBe(32);
  });
});

describe("retries", () => {
  test("the same id on each attempt, at the times of the schedule", async () => {
    const { sink, bench } = await setUp((request) => request.answer(503));
    const [id] = await bench.enqueue("juliet", ["hello"]);
    await sink.received(1);
    await bench.reached(id!, "retrying");
    for (const [spent, [early, late]] of [
      [1_599, 801],
      [7_999, 4_001],
      [47_999, 24_001],
    ].entries()) {
      await bench.time.advance(early!);
      expect(sink.seen).toHaveLength(spent + 1);
      await bench.time.advance(late!);
      await sink.received(spent + 2);
      await settled(bench, id!, spent + 2);
    }
    expect(sink.seen.map((request) => request.id)).toEqual([id, id, id, id]);
    expect(sink.seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect((await bench.stores.outbox.find(id!))!.attemptList.map(({ status }) => status)).toEqual([
      503, 503, 503, 503,
    ]);
  });

  test("Retry-After is waited for", async () => {
    const { sink, bench } = await setUp((request) => request.answer(429, { "retry-after": "100" }));
    const [id] = await bench.enqueue("juliet", ["hello"]);
    await bench.reached(id!, "retrying");
    await bench.time.advance(99_000);
    expect(sink.seen).toHaveLength(1);
    sink.behave = (request) => request.answer(200);
    await bench.time.advance(1_100);
    await bench.reached(id!, "delivered");
  });

  test.for([
    { name: "a redirect is not followed", status: 302, outcome: "failed", state: "retrying" },
    { name: "an error of the server", status: 500, outcome: "failed", state: "retrying" },
    { name: "a request timeout", status: 408, outcome: "failed", state: "retrying" },
    { name: "too early", status: 425, outcome: "failed", state: "retrying" },
    { name: "a refusal", status: 404, outcome: "rejected", state: "retrying" },
    { name: "gone", status: 410, outcome: "gone", state: "dead" },
    { name: "no content", status: 204, outcome: "delivered", state: "delivered" },
  ] as const)("$name: $status", async ({ status, outcome, state }) => {
    const elsewhere = await startSink();
    open.push(elsewhere);
    const { bench } = await setUp((request) => request.answer(status, { location: elsewhere.url }));
    const [id] = await bench.enqueue("juliet", ["hello"]);
    await bench.reached(id!, state);
    const event = (await bench.stores.outbox.find(id!))!;
    expect(event.attemptList.map((one) => [one.status, one.outcome])).toEqual([[status, outcome]]);
    expect(elsewhere.seen).toHaveLength(0);
  });

  test("a receiver may say that no other attempt is wanted: the event is dead, the lane goes on", async () => {
    const { sink, bench } = await setUp((request) =>
      request.answer(request.body === "bad" ? 503 : 200, { "webhook-delivery": "abort-message" }),
    );
    const [bad, after] = await bench.enqueue("juliet", ["bad", "after"]);
    await bench.reached(bad!, "dead");
    await bench.reached(after!, "delivered");
    expect(await bench.stores.outbox.find(bad!)).toMatchObject({ error: "aborted by the receiver", status: 503 });
    expect(sink.seen).toHaveLength(2);
    expect(bench.alerts).toEqual([]);
  });

  test("a refusal is repeated twice, then the lane goes on", async () => {
    const { sink, bench } = await setUp((request) => request.answer(request.body === "bad" ? 404 : 200));
    const [bad, after] = await bench.enqueue("juliet", ["bad", "after"]);
    for (const spent of [1, 2]) {
      await settled(bench, bad!, spent);
      await bench.time.advance(12_000);
    }
    await bench.reached(bad!, "dead");
    await bench.reached(after!, "delivered");
    expect(sink.seen.map(({ body }) => body)).toEqual(["bad", "bad", "bad", "after"]);
  });

  test("after the last attempt allowed the event is dead, and a retry by hand goes out with the same id", async () => {
    const { sink, bench } = await setUp((request) => request.answer(500));
    const [id] = await bench.enqueue("juliet", ["hello"], { maxAttempts: 1 });
    await bench.reached(id!, "dead");
    sink.behave = (request) => request.answer(200);
    await bench.stores.outbox.retry(id!, bench.time.clock.now());
    bench.dispatcher.wake(["hook"]);
    await bench.reached(id!, "delivered");
    expect(sink.seen.map((request) => request.id)).toEqual([id, id]);
  });

  test("an answer that does not come ends at the timeout", async () => {
    const { bench } = await setUp(() => {}, { timeoutMs: 100 });
    const [id] = await bench.enqueue("juliet", ["hello"]);
    await bench.reached(id!, "retrying");
    expect((await bench.stores.outbox.find(id!))!.attemptList[0]!.outcome).toBe("timeout");
  });

  test("nothing listens", async () => {
    const sink = await startSink();
    await sink.close();
    const bench = await startBench({ hook: targetFor(sink.url) });
    open.push(bench);
    const [id] = await bench.enqueue("juliet", ["hello"]);
    await bench.reached(id!, "retrying");
    expect((await bench.stores.outbox.find(id!))!.attemptList[0]!.outcome).toBe("refused");
  });

  test("an address that the guard refuses is never tried", async () => {
    const { sink, bench } = await setUp(undefined, { allowPrivate: false });
    const [id] = await bench.enqueue("juliet", ["hello"]);
    await bench.reached(id!, "dead");
    expect((await bench.stores.outbox.find(id!))!.attemptList[0]!.outcome).toBe("blocked");
    expect(bench.alerts).toMatchObject([{ kind: "blocked", target: "hook" }]);
    expect(sink.seen).toHaveLength(0);
  });
});

describe("holding", () => {
  test("410 holds the target until its settings change", async () => {
    const { sink, bench } = await setUp((request) => request.answer(410));
    const [gone] = await bench.enqueue("juliet", ["first"]);
    await bench.reached(gone!, "dead");
    expect(bench.alerts).toMatchObject([{ kind: "gone", target: "hook" }]);
    const [waits] = await bench.enqueue("juliet", ["second"]);
    await bench.time.advance(60_000);
    expect(sink.seen).toHaveLength(1);
    sink.behave = (request) => request.answer(200);
    bench.dispatcher.configure(new Map([["hook", targetFor(sink.url, { timeoutMs: 5_000 })]]));
    await bench.reached(waits!, "delivered");
  });

  test("410 is remembered while the target is paused for it, and forgotten when it is released", async () => {
    const { sink, bench } = await setUp((request) => request.answer(410));
    const [gone] = await bench.enqueue("juliet", ["first"]);
    await bench.reached(gone!, "dead");
    const since = (): number | null => bench.dispatcher.health().get("hook")!.goneSince;
    bench.dispatcher.configure(new Map([["hook", targetFor(sink.url, { paused: true })]]));
    expect(since()).toBe(bench.time.clock.now());
    bench.dispatcher.configure(new Map([["hook", targetFor(sink.url)]]));
    expect(since()).toBeNull();
  });

  test("a paused or removed target keeps its events and goes on where it stopped", async () => {
    const { sink, bench } = await setUp(undefined, { paused: true });
    const ids = await bench.enqueue("juliet", ["first", "second"]);
    await bench.time.advance(60_000);
    bench.dispatcher.configure(new Map());
    await bench.time.advance(60_000);
    expect(sink.seen).toHaveLength(0);
    bench.dispatcher.configure(new Map([["hook", targetFor(sink.url)]]));
    await bench.reached(ids[1]!, "delivered");
    expect(sink.seen.map(({ body }) => body)).toEqual(["first", "second"]);
  });

  test("what has outlived its time is not sent", async () => {
    const { sink, bench } = await setUp(undefined, { paused: true });
    const expiresAt = bench.time.clock.now() + 10_000;
    const [old] = await bench.enqueue("juliet", ["old"], { expiresAt });
    const [young] = await bench.enqueue("juliet", ["young"]);
    await bench.time.advance(10_000);
    bench.dispatcher.configure(new Map([["hook", targetFor(sink.url)]]));
    await bench.reached(young!, "delivered");
    await bench.reached(old!, "expired");
    expect(sink.seen.map(({ body }) => body)).toEqual(["young"]);
  });
});

describe("breaker", () => {
  test("opens after few failures, probes once a window, and resumes in order", async () => {
    const { sink, bench } = await setUp((request) => request.answer(503), { concurrency: 4 });
    const lanes = numbers(0, 100);
    for (const lane of lanes) void bench.enqueue(lane, [`${lane}a`, `${lane}b`]);
    await alerted(bench, "failing");
    await idle(bench);
    const spent = sink.seen.length;
    expect(spent).toBeLessThanOrEqual(13);
    const ids = new Set(sink.seen.map(({ id }) => id));
    for (const [window, ms] of [5_000, 10_000, 20_000].entries()) {
      await bench.time.advance(ms);
      await sink.received(spent + window + 1);
      await idle(bench);
      expect(sink.seen).toHaveLength(spent + window + 1);
      ids.add(sink.seen.at(-1)!.id);
    }
    sink.behave = (request) => request.answer(200);
    const before = sink.seen.length;
    await bench.time.advance(40_000);
    await alerted(bench, "recovered");
    await bench.time.advance(20_000);
    await sink.received(before + 200);
    for (const lane of lanes) {
      const good = sink.seen.slice(before).filter(({ body }) => body.slice(0, -1) === lane);
      expect(good.map(({ body }) => body)).toEqual([`${lane}a`, `${lane}b`]);
    }
  });

  test("a probe that gets through releases everything, its own lane too, without waiting for an alarm", async () => {
    const { sink, bench } = await setUp((request) => request.answer(503), { concurrency: 1 });
    for (const lane of numbers(0, 10)) void bench.enqueue(lane, ["a", "b"]);
    await alerted(bench, "failing");
    await idle(bench);
    sink.behave = (request) => request.answer(200);
    await bench.time.advance(5_000);
    await sink.received(30);
    expect(sink.seen.slice(10)).toHaveLength(20);
  });

  test("an event is not used up by probes", async () => {
    const { sink, bench } = await setUp((request) => request.answer(503), { concurrency: 1 });
    const ids = await Promise.all(numbers(0, 10).map((lane) => bench.enqueue(lane, ["hello"], { maxAttempts: 2 })));
    await alerted(bench, "failing");
    for (let probe = 1; probe <= 30; probe += 1) {
      await idle(bench);
      await bench.time.advance(300_000);
      await sink.received(10 + probe);
    }
    await idle(bench);
    for (const [id] of ids) expect((await bench.stores.outbox.find(id!))!.state).not.toBe("dead");
  });
});

describe("crash", () => {
  test("what was under way is attempted again with the same id", async () => {
    const { sink, bench } = await setUp(() => {}, { timeoutMs: 500 });
    const [id, next] = await bench.enqueue("juliet", ["first", "second"]);
    await sink.received(1);
    const old = bench.dispatcher;
    sink.behave = (request) => request.answer(200);
    await bench.restart();
    await bench.reached(next!, "delivered");
    expect(sink.seen.map((request) => request.id)).toEqual([id, id, next]);
    await old.close();
  });
});

/** Resolves when the outcome of the event's attempt `number` is in the outbox. */
async function settled(bench: Bench, id: string, number: number): Promise<void> {
  await expect.poll(async () => (await bench.stores.outbox.find(id))?.attemptList.length, { interval: 5 }).toBe(number);
  await idle(bench);
}

async function alerted(bench: Bench, kind: string): Promise<void> {
  await expect.poll(() => bench.alerts.some((alert) => alert.kind === kind), { interval: 5 }).toBe(true);
}

/** Resolves when nothing is in flight and every outcome is written. */
async function idle(bench: Bench): Promise<void> {
  await expect
    .poll(
      async () => {
        const events = await bench.stores.outbox.list({ state: "sending" }, { limit: 1 });
        return events.items.length + bench.dispatcher.health().get("hook")!.inFlight;
      },
      { interval: 5 },
    )
    .toBe(0);
}
