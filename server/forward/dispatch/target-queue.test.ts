import { afterEach, describe, expect, test } from "vitest";
import type { ApnsTarget } from "../../../lib/contracts/forward-target.ts";
import type { NewOutboxEvent, OutboxState } from "../../storage/ports.ts";
import { addDevice, apnsTarget, pushEvent, startProvider, type Provider } from "../testing-provider.ts";
import { commitEvent, startBench, targetFor, type Bench } from "../testing.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

interface Phone {
  readonly bench: Bench;
  readonly provider: Provider;
  /** Commits a push for a user and wakes the dispatcher; answers with the id of the event for the user's device. */
  push(user: string, payload: string, more?: Partial<NewOutboxEvent>): Promise<string>;
}

async function setUp(
  behave?: Provider["behave"],
  settings: Partial<ApnsTarget> = {},
  users: readonly string[] = ["juliet"],
): Promise<Phone> {
  const provider = startProvider(behave);
  const bench = await startBench({ push: apnsTarget(settings) }, { transport: provider.transport });
  open.push(bench);
  for (const user of users) await addDevice(bench.stores, user);
  return {
    bench,
    provider,
    push: async (user, payload, more) => {
      const event = pushEvent(user, payload, bench.time.clock.now(), more);
      await commitEvent(bench.stores, event);
      bench.dispatcher.wake(["push"]);
      return `${event.id}_${user}`;
    },
  };
}

const stateOf = async ({ stores }: Bench, id: string) => {
  const { state, error, attempts } = (await stores.outbox.find(id))!;
  return { state, error, attempts };
};
/** Resolves when the event is in this state just now. */
async function becomes({ stores }: Bench, id: string, state: OutboxState): Promise<void> {
  await expect.poll(async () => (await stores.outbox.find(id))!.state, { interval: 2 }).toBe(state);
}
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`);
const queueOf = ({ dispatcher }: Bench) => dispatcher.health().get("push")!;

describe("what a provider says of a device", () => {
  test("unregistered: the event is dead, the device is disabled, what waits for it is cancelled", async () => {
    const { bench, provider, push } = await setUp((event) =>
      event.payload === "first"
        ? {
            outcome: "unregistered",
            status: 410,
            error: "Unregistered",
            isFinal: true,
            device: { kind: "gone", reason: "Unregistered", since: null },
          }
        : {},
    );
    const first = await push("juliet", "first");
    await bench.reached(first, "dead");
    expect(await stateOf(bench, first)).toEqual({ state: "dead", error: "Unregistered", attempts: 1 });
    expect(await bench.stores.devices.find("juliet")).toMatchObject({ disabled: { reason: "Unregistered" } });
    expect(queueOf(bench)).toMatchObject({ breaker: "closed", pruning: null });
    expect(provider.seen).toHaveLength(1);
  });

  test("what was planned for a device that is forgotten or disabled since is cancelled, unsent", async () => {
    const { bench, provider, push } = await setUp(undefined, { paused: true }, ["juliet", "romeo"]);
    const first = await push("juliet", "hello");
    const second = await push("romeo", "hello");
    await bench.stores.devices.remove("juliet", 1);
    await bench.stores.devices.setEnabled("romeo", false, 1);
    bench.dispatcher.configure(new Map([["push", apnsTarget()]]));
    await becomes(bench, first, "cancelled");
    await becomes(bench, second, "cancelled");
    expect(provider.seen).toHaveLength(0);
  });

  test("too many requests for one device hold back that device only, and open no breaker", async () => {
    const busy = {
      outcome: "failed",
      status: 429,
      error: "TooManyRequests",
      retryAfterMs: 60_000,
      isDeviceOnly: true,
    } as const;
    const { bench, provider, push } = await setUp((event) => (event.user.startsWith("u") ? busy : {}), {}, [
      ...numbers(30),
      "juliet",
    ]);
    const ids = await Promise.all(numbers(30).map((user) => push(user, "hello")));
    await Promise.all(ids.map((id) => bench.reached(id, "retrying")));
    const other = await push("juliet", "hello");
    await bench.reached(other, "delivered");
    expect(queueOf(bench).breaker).toBe("closed");
    expect(bench.alerts).toEqual([]);
    await bench.time.advance(59_000);
    expect(provider.seen).toHaveLength(31);
    provider.behave = () => ({});
    await bench.time.advance(1_100);
    await provider.received(61);
  });

  test("a quota of the whole target opens the breaker for as long as it asks for", async () => {
    const over = { outcome: "failed", status: 429, error: "QUOTA_EXCEEDED", retryAfterMs: 60_000 } as const;
    const { bench, provider, push } = await setUp(() => over, { concurrency: 1 }, numbers(20));
    for (const user of numbers(20)) await push(user, "hello");
    await expect.poll(() => queueOf(bench).breaker, { interval: 2 }).toBe("open");
    const spent = provider.seen.length;
    expect(spent).toBe(10);
    await bench.time.advance(59_000);
    expect(provider.seen).toHaveLength(spent);
  });

  test("a failure that no later attempt can better is the end", async () => {
    const { bench, push } = await setUp(() => ({
      outcome: "rejected",
      status: 400,
      error: "BadPriority",
      isFinal: true,
    }));
    const id = await push("juliet", "hello");
    await bench.reached(id, "dead");
    expect(await stateOf(bench, id)).toEqual({ state: "dead", error: "BadPriority", attempts: 1 });
  });

  test("many devices unregistered at once are worth an alert, a few are not", async () => {
    const users = numbers(25);
    const gone = { outcome: "unregistered", status: 410, isFinal: true } as const;
    const { bench, push } = await setUp(() => gone, {}, users);
    const ids = await Promise.all(users.slice(0, 19).map((user) => push(user, "hello")));
    await Promise.all(ids.map((id) => bench.reached(id, "dead")));
    expect(bench.alerts).toEqual([]);
    for (const user of users.slice(19)) await bench.reached(await push(user, "hello"), "dead");
    expect(bench.alerts).toEqual([{ kind: "pruning", target: "push", detail: "20" }]);
    expect(queueOf(bench).pruning).toMatchObject({ devices: 25 });
    await bench.time.advance(3_600_000);
    expect(queueOf(bench).pruning).toBeNull();
  });
});

describe("settings that the provider refuses", () => {
  const refusal = { outcome: "misconfigured", status: 403, error: "InvalidProviderToken" } as const;

  test("hold the queue: no attempt is used up, and one alert is raised", async () => {
    const { bench, provider, push } = await setUp(() => refusal, {}, ["juliet", "romeo"]);
    const since = bench.time.clock.now();
    const first = await push("juliet", "first");
    await bench.reached(first, "held");
    const second = await push("romeo", "second");
    await bench.time.advance(3_600_000);
    expect(provider.payloads).toEqual(["first"]);
    expect((await stateOf(bench, first)).attempts).toBe(0);
    expect((await bench.stores.outbox.find(first))!.attemptList).toMatchObject([{ outcome: "misconfigured" }]);
    expect((await stateOf(bench, second)).state).toBe("queued");
    expect(queueOf(bench).fault).toEqual({ since, detail: "InvalidProviderToken" });
    expect(bench.alerts).toEqual([{ kind: "misconfigured", target: "push", detail: "InvalidProviderToken" }]);
  });

  test.for([
    { name: "until they are changed", steps: [apnsTarget({ keyId: "KLMNOPQRST" })] },
    { name: "until the target is paused and resumed", steps: [apnsTarget({ paused: true }), apnsTarget()] },
    { name: "until the target is released", steps: [] },
  ])("$name", async ({ steps }) => {
    const { bench, provider, push } = await setUp(() => refusal);
    const id = await push("juliet", "hello");
    await bench.reached(id, "held");
    provider.behave = () => ({});
    for (const target of steps) bench.dispatcher.configure(new Map([["push", target]]));
    if (steps.length === 0) bench.dispatcher.release("push");
    await bench.reached(id, "delivered");
    expect(queueOf(bench).fault).toBeNull();
    expect(await stateOf(bench, id)).toEqual({ state: "delivered", error: null, attempts: 1 });
    expect((await bench.stores.outbox.find(id))!.attemptList.map(({ outcome }) => outcome)).toEqual([
      "misconfigured",
      "delivered",
    ]);
  });

  test("after a restart one attempt shows it again", async () => {
    const { bench, provider, push } = await setUp(() => refusal, { concurrency: 4 });
    const id = await push("juliet", "hello");
    await bench.reached(id, "held");
    const before = bench.dispatcher;
    await bench.restart();
    await expect.poll(() => queueOf(bench).fault, { interval: 2 }).not.toBeNull();
    expect(provider.seen).toHaveLength(2);
    await before.close();
  });
});

test("a device whose settings are refused holds up no other", async () => {
  const refusal = { outcome: "misconfigured", status: 403, isDeviceOnly: true } as const;
  const { bench, push } = await setUp((event) => (event.user.startsWith("romeo") ? refusal : {}), {}, [
    "juliet",
    "romeo",
  ]);
  await bench.reached(await push("romeo", "hello"), "retrying");
  await bench.reached(await push("juliet", "hello"), "delivered");
  expect(queueOf(bench).fault).toBeNull();
});

describe("pushes that would say the same", () => {
  const from = (jid: string): Partial<NewOutboxEvent> => ({ from: jid });

  test("the first goes at once, those within 20 s become one with the newest count", async () => {
    const { bench, provider, push } = await setUp(undefined, { content: "none" });
    await bench.reached(await push("juliet", "1"), "delivered");
    const ids: string[] = [];
    for (const count of ["2", "3", "4", "5"]) {
      await bench.time.advance(2_000);
      ids.push(await push("juliet", count, from(`friend${count}@example.org/x`)));
    }
    await bench.reached(ids[0]!, "held");
    await bench.time.advance(11_900);
    expect(provider.payloads).toEqual(["1"]);
    await bench.time.advance(200);
    await bench.reached(ids.at(-1)!, "delivered");
    expect(provider.payloads).toEqual(["1", "5"]);
    for (const id of ids.slice(0, -1))
      expect(await stateOf(bench, id)).toEqual({
        state: "cancelled",
        error: `collapsed into ${ids.at(-1)}`,
        attempts: 0,
      });
    await bench.time.advance(20_000);
    const late = await push("juliet", "6");
    await bench.reached(late, "delivered");
    expect(provider.payloads).toEqual(["1", "5", "6"]);
  });

  test("where senders are told there is one for each", async () => {
    const { bench, provider, push } = await setUp(undefined, { content: "sender", paused: true });
    await push("juliet", "romeo 1", from("romeo@example.org/a"));
    await push("juliet", "nurse 1", from("nurse@example.org/a"));
    const last = await push("juliet", "romeo 2", from("romeo@example.org/b"));
    bench.dispatcher.configure(new Map([["push", apnsTarget({ content: "sender" })]]));
    await bench.reached(last, "delivered");
    expect(provider.payloads).toEqual(["nurse 1", "romeo 2"]);
  });

  test.for([
    { name: "what shows words", settings: { content: "preview" }, more: {} },
    { name: "subscription requests", settings: { content: "none" }, more: { class: "subscription" } },
    { name: "calls", settings: { content: "none" }, more: { class: "call" } },
  ] as const)("$name: each is sent at once", async ({ settings, more }) => {
    const { bench, provider, push } = await setUp(undefined, settings);
    for (const payload of ["1", "2", "3"]) await bench.reached(await push("juliet", payload, more), "delivered");
    expect(provider.payloads).toEqual(["1", "2", "3"]);
  });

  test("a call does not wait behind messages that do", async () => {
    const { bench, provider, push } = await setUp(undefined, { content: "none" });
    await bench.reached(await push("juliet", "1"), "delivered");
    await bench.reached(await push("juliet", "2"), "held");
    await bench.reached(await push("juliet", "ring", { class: "call" }), "delivered");
    expect(provider.payloads).toEqual(["1", "ring"]);
  });

  test("one that would expire meanwhile is sent at once", async () => {
    const { bench, push } = await setUp(undefined, { content: "none" });
    await bench.reached(await push("juliet", "1"), "delivered");
    const expiresAt = bench.time.clock.now() + 15_000;
    await bench.reached(await push("juliet", "2", { expiresAt }), "delivered");
  });

  test("a dead one that is brought back is sent as it is", async () => {
    const { bench, provider, push } = await setUp(() => ({ outcome: "rejected", isFinal: true }), { content: "none" });
    const ids = [await push("juliet", "1"), await push("juliet", "2")];
    await Promise.all(ids.map((id) => bench.reached(id, "dead")));
    provider.behave = () => ({});
    const filter = { diedUntil: bench.time.clock.now() };
    await bench.stores.outbox.replay(filter, 0, bench.time.clock.now(), 10);
    bench.dispatcher.wake();
    await Promise.all(ids.map((id) => bench.reached(id, "delivered")));
    expect(provider.payloads).toEqual(["1", "2", "1", "2"]);
  });
});

describe("rate", () => {
  test.for([
    { name: "of many devices", rate: 2, users: numbers(8), events: 1 },
    { name: "of one lane", rate: 1, users: ["juliet"], events: 4 },
  ])("so many attempts begin in a second, as many at once: $name", async ({ rate, users, events }) => {
    const { bench, provider, push } = await setUp(undefined, { ratePerSecond: rate, content: "full" }, users);
    for (const user of users) for (const payload of numbers(events)) await push(user, payload);
    await provider.received(rate);
    const total = users.length * events;
    for (let tenth = 0; provider.seen.length < total; tenth += 1) {
      expect(provider.seen.length).toBeLessThanOrEqual(rate + (tenth / 10) * rate);
      expect(provider.seen.length).toBeGreaterThanOrEqual(((tenth - 2) / 10) * rate);
      await bench.time.advance(100);
      await expect.poll(() => queueOf(bench).inFlight, { interval: 1 }).toBe(0);
    }
  });

  test("a call does not wait for its turn", async () => {
    const { bench, provider, push } = await setUp(undefined, { ratePerSecond: 1 }, ["juliet", "romeo", "nurse"]);
    for (const user of ["juliet", "romeo"]) await push(user, user);
    await provider.received(1);
    await expect.poll(() => queueOf(bench).inFlight, { interval: 2 }).toBe(0);
    await push("nurse", "ring", { class: "call" });
    await provider.received(2);
    expect(provider.payloads[1]).toBe("ring");
  });
});

describe("calls", () => {
  test("find a place when everything else hangs", async () => {
    const users = numbers(20);
    const hanging = Promise.withResolvers<object>();
    const { bench, provider, push } = await setUp(
      (event) => (event.class === "call" ? {} : hanging.promise),
      { concurrency: 10 },
      [...users, "juliet"],
    );
    for (const user of users) await push(user, user);
    await provider.received(9);
    const call = await push("juliet", "ring", { class: "call" });
    await bench.reached(call, "delivered");
    expect(queueOf(bench)).toMatchObject({ inFlight: 9, limit: 10 });
    expect(provider.seen).toHaveLength(10);
    hanging.resolve({});
    await provider.received(21);
  });

  test("go before what waits longer", async () => {
    const users = numbers(50);
    const { bench, provider, push } = await setUp(undefined, { concurrency: 1, paused: true }, [...users, "juliet"]);
    for (const user of users) await push(user, user);
    await bench.time.advance(1_000);
    await push("juliet", "ring", { class: "call" });
    bench.dispatcher.configure(new Map([["push", apnsTarget({ concurrency: 1 })]]));
    await provider.received(51);
    expect(provider.payloads[0]).toBe("ring");
  });

  test("that come too late are not made up for", async () => {
    const { bench, provider, push } = await setUp(() => ({ outcome: "failed", status: 503 }));
    const expiresAt = bench.time.clock.now() + 45_000;
    const id = await push("juliet", "ring", { class: "call", expiresAt });
    for (let second = 0; second < 60; second += 1) await bench.time.advance(1_000);
    await expect.poll(async () => (await stateOf(bench, id)).state, { interval: 2 }).toMatch(/dead|expired/);
    expect(provider.seen.length).toBeGreaterThan(1);
    const spent = provider.seen.length;
    await bench.time.advance(3_600_000);
    expect(provider.seen).toHaveLength(spent);
  });
});

describe("a provider that is down", () => {
  const down = { outcome: "failed", status: 503, error: "HTTP 503" } as const;
  const settled = (bench: Bench) => expect.poll(() => queueOf(bench).inFlight, { interval: 1 }).toBe(0);

  test("is left alone after 12 failures at most, is asked once a window, and gets everything within 5 s", async () => {
    const users = numbers(200);
    let failures = 0;
    const { bench, provider, push } = await setUp(() => (failures++, down), { concurrency: 2 }, users);
    const failingSince = bench.time.clock.now();
    for (const user of users) await push(user, user);
    await expect.poll(() => bench.alerts.map(({ kind }) => kind), { interval: 1 }).toEqual(["failing"]);
    expect(failures).toBeLessThanOrEqual(12);
    await settled(bench);
    const spent = provider.seen.length;
    expect(queueOf(bench)).toMatchObject({ failingSince, failingReason: "HTTP 503", breaker: "open" });

    for (const [probes, windowMs] of [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000].entries()) {
      await bench.time.advance(windowMs - 1);
      expect(provider.seen).toHaveLength(spent + probes);
      await bench.time.advance(1);
      await provider.received(spent + probes + 1);
      await settled(bench);
    }
    provider.behave = () => ({});
    await bench.time.advance(300_000);
    await expect.poll(() => bench.alerts.at(-1)?.kind, { interval: 1 }).toBe("recovered");
    for (let second = 0; second < 5; second += 1) {
      await settled(bench);
      await bench.time.advance(1_000);
    }
    const { delivered24h, backlog } = (await bench.stores.outbox.stats(bench.time.clock.now()))[0]!;
    expect({ delivered24h, backlog }).toEqual({ delivered24h: 200, backlog: 0 });
    expect(queueOf(bench).failingSince).toBeNull();
  });

  test("a short outage is over within 5 s of its end", async () => {
    const users = numbers(20);
    const { bench, provider, push } = await setUp(() => down, { concurrency: 2 }, users);
    for (const user of users) await push(user, user);
    await expect.poll(() => bench.alerts.length, { interval: 1 }).toBe(1);
    await settled(bench);
    provider.behave = () => ({});
    await bench.time.advance(5_000);
    await expect.poll(() => bench.alerts.at(-1)?.kind, { interval: 1 }).toBe("recovered");
  });

  test("other settings are tried without waiting for the window", async () => {
    const users = numbers(20);
    const { bench, provider, push } = await setUp(() => down, { concurrency: 2 }, users);
    for (const user of users) await push(user, user);
    await expect.poll(() => bench.alerts.length, { interval: 1 }).toBe(1);
    await settled(bench);
    provider.behave = () => ({});
    bench.dispatcher.configure(new Map([["push", apnsTarget({ concurrency: 2, keyId: "KLMNOPQRST" })]]));
    await expect.poll(() => bench.alerts.at(-1)?.kind, { interval: 1 }).toBe("recovered");
  });
});

test("a target that hangs delays no other, and takes no more than its concurrency", async () => {
  const hanging = Promise.withResolvers<object>();
  const provider = startProvider((event) => (event.payload === "slow" ? hanging.promise : {}));
  const slow = targetFor("http://slow.example/", { concurrency: 8 });
  const bench = await startBench(
    { slow, quick: targetFor("http://quick.example/") },
    { transport: provider.transport },
  );
  open.push(bench);
  for (const lane of numbers(100)) void bench.enqueue(lane, ["slow"], { target: "slow" });
  await provider.received(8);
  const ids = await Promise.all(numbers(200).map((lane) => bench.enqueue(lane, ["quick"], { target: "quick" })));
  await Promise.all(ids.flat().map((id) => bench.reached(id, "delivered")));
  expect(bench.dispatcher.health().get("slow")).toMatchObject({ inFlight: 8, breaker: "closed" });
  expect(provider.payloads.filter((payload) => payload === "slow")).toHaveLength(8);
  hanging.resolve({});
});
