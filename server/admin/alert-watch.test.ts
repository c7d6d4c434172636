import { beforeEach, expect, test } from "vitest";
import type { AlertPolicy } from "../../lib/contracts/operations-policy.ts";
import { silentLog } from "../core/log.ts";
import { manualTime } from "../forward/testing.ts";
import { type AlertMessage, AlertWatch } from "./alert-watch.ts";
import type { Concern } from "./concern.ts";

const failing: Concern = { code: "target-failing", severity: "error", subject: "app", since: null, value: "HTTP 503" };
const paused: Concern = { code: "target-paused", severity: "warning", subject: "app", since: null, value: "7" };
const note: Concern = { code: "self-signed", severity: "info", subject: "a.example", since: null, value: "" };

let concerns: readonly Concern[];
let policy: AlertPolicy;
let sent: AlertMessage[];
let time: ReturnType<typeof manualTime>;
let watch: AlertWatch;

beforeEach(() => {
  concerns = [];
  policy = { recipients: ["ops@a.example"], least: "error" };
  sent = [];
  time = manualTime();
  watch = new AlertWatch({
    ...time,
    log: silentLog,
    policy: () => policy,
    concerns: () => Promise.resolve(concerns),
    send: (recipients, message) => {
      sent.push(message);
      return Promise.resolve(recipients.length);
    },
  });
});

const minutes = (count: number) => time.advance(count * 60_000);

test("what is wrong is told once, and once more when it is over", async () => {
  concerns = [failing];
  await watch.look();
  concerns = [{ ...failing, value: "HTTP 502" }];
  await watch.look();
  expect(sent).toEqual([{ subject: "Needs attention", body: "Target app is failing: HTTP 503." }]);
  expect(watch.told()).toMatchObject([{ concern: failing }]);
  concerns = [];
  await watch.look();
  await watch.look();
  expect(sent.slice(1)).toEqual([{ subject: "Over", body: "Over: Target app is failing: HTTP 503." }]);
  expect(watch.told()).toEqual([]);
});

test.each([
  { least: "error", told: ["Target app is failing: HTTP 503."] },
  { least: "warning", told: ["Target app is failing: HTTP 503.", "Target app is paused; 7 waiting."] },
] as const)("from $least on", async ({ least, told }) => {
  policy = { ...policy, least };
  concerns = [failing, paused, note];
  await watch.look();
  expect(sent.map(({ body }) => body)).toEqual([told.join("\n")]);
});

test("whoever wants no warnings any more is not told that one is over", async () => {
  policy = { ...policy, least: "warning" };
  concerns = [failing, paused];
  await watch.look();
  policy = { ...policy, least: "error" };
  await watch.look();
  expect(sent).toHaveLength(1);
  expect(watch.told()).toMatchObject([{ concern: failing }]);
});

test("what reached nobody is told again", async () => {
  let reached = 0;
  const lossy = new AlertWatch({
    ...time,
    log: silentLog,
    policy: () => policy,
    concerns: () => Promise.resolve([failing]),
    send: (_recipients, message) => {
      sent.push(message);
      return Promise.resolve(reached);
    },
  });
  await lossy.look();
  reached = 1;
  await lossy.look();
  await lossy.look();
  expect(sent).toHaveLength(2);
});

test("something that happens while it looks is looked at soon", async () => {
  let answer: (found: readonly Concern[]) => void = () => {};
  const slow = new AlertWatch({
    ...time,
    log: silentLog,
    policy: () => policy,
    concerns: () => new Promise((resolve) => (answer = resolve)),
    send: (recipients, message) => {
      sent.push(message);
      return Promise.resolve(recipients.length);
    },
  });
  slow.start();
  slow.hurry();
  await time.advance(1_000);
  slow.hurry();
  answer([]);
  answer = () => {};
  await expect
    .poll(
      async () => {
        await time.advance(1_000);
        answer([failing]);
        return sent.length;
      },
      { interval: 1, timeout: 5_000 },
    )
    .toBe(1);
  expect(time.clock.now()).toBeLessThan(manualTime().clock.now() + 30_000);
  slow.stop();
});

test("what comes and goes is not told again before ten minutes have passed", async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    concerns = [failing];
    await watch.look();
    concerns = [];
    await watch.look();
    await minutes(1);
  }
  expect(sent).toHaveLength(2);
  concerns = [failing];
  await watch.look();
  expect(sent).toHaveLength(2);
  await minutes(10);
  await watch.look();
  expect(sent).toHaveLength(3);
});

test("whoever asks for it later is told of what holds then", async () => {
  policy = { ...policy, recipients: [] };
  concerns = [failing];
  await watch.look();
  expect(sent).toEqual([]);
  policy = { ...policy, recipients: ["ops@a.example"] };
  await watch.look();
  expect(sent).toHaveLength(1);
});

test("much at once is one message of twenty lines", async () => {
  concerns = Array.from({ length: 50 }, (_, index) => ({ ...failing, subject: `t${index}` }));
  await watch.look();
  expect(sent).toHaveLength(1);
  const lines = sent[0]!.body.split("\n");
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe("And 30 more.");
});

test("what happens is looked at soon, however often it happens", async () => {
  concerns = [failing];
  watch.start();
  for (let turn = 0; turn < 4; turn += 1) {
    watch.hurry();
    await time.advance(300);
  }
  await expect.poll(() => sent.length, { interval: 1 }).toBe(1);
  watch.stop();
});

test("it looks every half a minute, also after it failed once, until it is stopped", async () => {
  let looks = 0;
  const failingOnce = new AlertWatch({
    ...time,
    log: silentLog,
    policy: () => policy,
    concerns: () => {
      looks += 1;
      return looks === 1 ? Promise.reject(new Error("the store failed")) : Promise.resolve([failing]);
    },
    send: (recipients, message) => {
      sent.push(message);
      return Promise.resolve(recipients.length);
    },
  });
  failingOnce.start();
  await time.advance(30_000);
  await expect.poll(() => looks, { interval: 1 }).toBe(1);
  await expect
    .poll(
      async () => {
        await time.advance(30_000);
        return sent.length;
      },
      { interval: 1 },
    )
    .toBe(1);
  failingOnce.stop();
  const before = looks;
  await minutes(5);
  expect(looks).toBe(before);
});
