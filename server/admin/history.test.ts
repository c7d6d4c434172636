import { expect, it, onTestFinished } from "vitest";
import { testServer } from "../core/testing.ts";
import { History, tickMs } from "./history.ts";

async function bench() {
  const server = await testServer({ modules: [], accounts: ["romeo@a.example"] });
  onTestFinished(() => server.stop());
  const health = () => Promise.resolve(new Map());
  const history = new History(server.core, { health });
  onTestFinished(() => history.stop());
  let at = 0;
  const tick = async (messages = 0): Promise<void> => {
    for (let n = 0; n < messages; n += 1) server.core.metrics.stanzaIn("message");
    await history.measure(at);
    server.clock.advance(tickMs);
    at += tickMs;
  };
  return { ...server, history, tick };
}

it("charts how fast counters grow, and what stands still as it is", async () => {
  const { history, tick } = await bench();
  await tick();
  await tick(10);
  await tick(20);
  const { values } = history.recent();
  expect(values["messages"]?.filter((value) => value !== null)).toEqual([2, 4]);
  expect(values["sessions"]?.filter((value) => value !== null)).toEqual([0, 0, 0]);
  expect(history.messagesPerSecond).toBe(3);
  expect(history.samples()).toMatchObject({ online: [0], messages: [3] });
});

it("keeps an hour in memory, each tick in its own slot, and a pause as a gap", async () => {
  const { history, tick, clock } = await bench();
  await tick();
  clock.advance(3 * tickMs);
  await tick();
  const sessions = history.recent().values["sessions"]!;
  expect(sessions).toHaveLength(720);
  expect(sessions.slice(-5)).toEqual([0, null, null, null, 0]);
});

it("puts five minutes at a time into the store", async () => {
  const { history, tick, stores, core } = await bench();
  const from = core.clock.now();
  for (let n = 0; n < 61; n += 1) await tick(5);
  const range = { from, to: core.clock.now(), stepMs: 300_000, peaks: [] };
  const { values, starts } = await stores.series.range(range);
  expect(values["messages"]?.[0]).toBe(1);
  expect(starts).toEqual([core.metrics.startedAt]);
  expect(history.latest("messages", 2)).toEqual([1, 1]);
});

it("tells those who follow", async () => {
  const { history, tick } = await bench();
  const seen: number[] = [];
  const leave = history.follow(({ values }) => seen.push(values["sessions"]!));
  await tick();
  leave();
  await tick();
  expect(seen).toEqual([0]);
});
