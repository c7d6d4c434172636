import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Vault } from "../../vault.ts";
import { sampleEvent } from "../testing.ts";
import { startApnsMock } from "./mock.ts";
import { answering, phone, startScene } from "./testing.ts";
import { ApnsTransport } from "./transport.ts";

const atEnd: (() => unknown)[] = [];
afterEach(async () => {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const end of atEnd.splice(0).toReversed()) await end();
});

const minute = 60_000;

test("an expired provider token is made anew once and for all who used it", async () => {
  const { apns, push, pushMany, time } = await startScene(atEnd);
  await push();
  await time.advance(21 * minute);
  const old = apns.seen[0]!.headers.authorization;
  apns.behave = ({ headers, answer }) =>
    headers.authorization === old ? answer(403, "ExpiredProviderToken") : answer();
  const attempts = await pushMany(30);
  expect(new Set(attempts.map(({ record }) => record.outcome))).toEqual(new Set(["delivered"]));
  expect(apns.mints.length).toBe(2);
});

test("a provider token that expires too early is not made anew before its 20 minutes", async () => {
  const { apns, push, time } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(403, "ExpiredProviderToken");
  await push();
  await time.advance(5 * minute);
  const { record, retryAfterMs } = await push();
  expect({ outcome: record.outcome, retryAfterMs }).toEqual({ outcome: "failed", retryAfterMs: 15 * minute });
  expect(record.error).toContain("clock");
  expect(apns.mints.length).toBe(1);
  await time.advance(15 * minute);
  await push();
  // Made anew, refused again: once for an attempt.
  expect(apns.mints.length).toBe(2);
  expect(apns.seen.length).toBe(4);
});

test("after TooManyProviderTokenUpdates no token is made for 20 minutes", async () => {
  const { apns, push, time } = await startScene(atEnd);
  await push();
  await time.advance(49 * minute);
  apns.behave = ({ answer }) => answer(429, "TooManyProviderTokenUpdates");
  const { record, retryAfterMs, isDeviceOnly } = await push();
  expect({ outcome: record.outcome, retryAfterMs, isDeviceOnly }).toEqual({
    outcome: "failed",
    retryAfterMs: 20 * minute,
    isDeviceOnly: false,
  });
  apns.behave = answering();
  await time.advance(5 * minute);
  expect((await push()).record.outcome).toBe("delivered");
  expect(apns.mints.length).toBe(1);
  await time.advance(16 * minute);
  await push();
  expect(apns.mints.length).toBe(2);
});

test("over a day at most one token is made in 20 minutes, and all pushes are taken", async () => {
  const { apns, push, time } = await startScene(atEnd);
  const failures: unknown[] = [];
  for (let at = 0; at < 24 * 60; at += 4) {
    // APNs forgets a token before its time now and then.
    apns.behave = at % 112 === 0 ? answering([403, "ExpiredProviderToken"]) : answering();
    // oxlint-disable-next-line no-await-in-loop -- the day goes by
    const { record } = await push({ id: `evt_${at}` });
    if (record.outcome !== "delivered") failures.push([at, record.error]);
    // oxlint-disable-next-line no-await-in-loop -- the day goes by
    await time.advance(4 * minute);
  }
  const gaps = apns.mints.slice(1).map((mint, index) => mint - apns.mints[index]!);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20 * minute);
  expect(apns.mints.length).toBeLessThan(60);
  expect(apns.violations).toEqual([]);
  // Only the very first token was too young to be replaced.
  expect(failures.length).toBeLessThanOrEqual(13);
  expect(failures.every((failure) => String(failure).includes("ExpiredProviderToken"))).toBe(true);
});

test("targets with the same key share its token", async () => {
  const { apns, push, target, time } = await startScene(atEnd);
  await push();
  const other = new ApnsTransport({ ...target, content: "none" }, { clock: time.clock });
  atEnd.push(() => other.close(true));
  await other.attempt(sampleEvent('{"aps":{"alert":{}}}', phone(), 0), 1);
  expect(apns.seen.length).toBe(2);
  expect(apns.mints.length).toBe(1);
});

test("another key under the same ids does not cost the right one its token", async () => {
  const { apns, push, target, time } = await startScene(atEnd);
  await push();
  const wrong = await startApnsMock({ clock: time.clock });
  atEnd.push(() => wrong.close());
  for (const key of [wrong.credentials.key, target.key]) {
    const transport = new ApnsTransport({ ...target, key }, { clock: time.clock });
    atEnd.push(() => transport.close(true));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { record } = await transport.attempt(sampleEvent('{"aps":{"alert":{}}}', phone(), 0), 1);
    expect(record.outcome).toBe(key === target.key ? "delivered" : "misconfigured");
  }
  expect(apns.mints.length).toBe(1);
});

/** What one run after the other keeps in the same place. */
function vaults(): { next(): Vault; readonly kept: ReadonlyMap<string, string> } {
  const kept = new Map<string, string>();
  const next = (): Vault => ({
    recall: (name) => Promise.resolve(kept.get(name) ?? null),
    keep: (name, text) => {
      kept.set(name, text);
      return Promise.resolve();
    },
  });
  return { next, kept };
}

test.each([
  [19, 1],
  [49, 1],
  [51, 2],
] as const)("a server that is started again after %i minutes has made %i tokens", async (minutes, mints) => {
  const { next, kept } = vaults();
  const { apns, push, target, time } = await startScene(atEnd, {}, { vault: next() });
  await push();
  expect([...kept.values()].join()).toContain(String(apns.seen[0]!.headers.authorization).slice("bearer ".length));
  await time.advance(minutes * minute);
  const restarted = new ApnsTransport(target, { clock: time.clock, vault: next() });
  atEnd.push(() => restarted.close(true));
  const event = sampleEvent('{"aps":{"alert":{}}}', phone(), time.clock.now());
  await Promise.all([restarted.attempt(event, 1), restarted.attempt(event, 1)]);
  expect(apns.mints.length).toBe(mints);
  const [first, second, third] = apns.seen.map(({ headers }) => headers.authorization);
  expect(second === first).toBe(mints === 1);
  expect(third).toBe(second);
  expect(apns.violations).toEqual([]);
});

test("that APNs wants no new token is not forgotten by a restart", async () => {
  const { next } = vaults();
  const { apns, push, target, time } = await startScene(atEnd, {}, { vault: next() });
  apns.behave = ({ answer }) => answer(429, "TooManyProviderTokenUpdates");
  await push();
  await time.advance(51 * minute);
  await push();
  apns.behave = answering();
  await time.advance(minute);
  const restarted = new ApnsTransport(target, { clock: time.clock, vault: next() });
  atEnd.push(() => restarted.close(true));
  await restarted.attempt(sampleEvent('{"aps":{"alert":{}}}', phone(), time.clock.now()), 1);
  expect(apns.mints.length).toBe(2);
});

test("a token is on disk before it is used", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const vault: Vault = { recall: () => Promise.resolve(null), keep: () => promise };
  const { apns, push } = await startScene(atEnd, {}, { vault });
  const attempt = push();
  await setImmediate();
  expect(apns.sessions).toBe(0);
  resolve();
  expect((await attempt).record.outcome).toBe("delivered");
});
