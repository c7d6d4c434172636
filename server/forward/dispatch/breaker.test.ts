import { expect, test } from "vitest";
import { Breaker } from "./breaker.ts";

test("ten failures in a row open it", () => {
  const breaker = new Breaker();
  for (let count = 1; count < 10; count += 1) expect(breaker.failed(count, 0, false)).toBeNull();
  expect(breaker.failed(10, 0, false)).toBe("opened");
  expect(breaker.state(10)).toBe("open");
  expect(breaker.until).toBe(5_010);
});

test("half of twenty within 30 s open it, of nineteen they do not", () => {
  const breaker = new Breaker();
  for (let count = 0; count < 9; count += 1) {
    breaker.succeeded(count, false);
    expect(breaker.failed(count, 0, false)).toBeNull();
  }
  breaker.succeeded(20, false);
  expect(breaker.state(20)).toBe("closed");
  expect(breaker.failed(21, 0, false)).toBe("opened");
});

test("what is older than the window does not count", () => {
  const breaker = new Breaker();
  for (let count = 0; count < 9; count += 1) {
    breaker.failed(0, 0, false);
    breaker.succeeded(0, false);
  }
  breaker.succeeded(35_000, false);
  expect(breaker.failed(35_001, 0, false)).toBeNull();
});

test("one probe after a wait that doubles up to five minutes; the probe closes it", () => {
  const breaker = new Breaker();
  let now = 0;
  for (let count = 0; count < 10; count += 1) breaker.failed(now, 0, false);
  for (const waitMs of [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
    expect(breaker.admits(now + waitMs - 1)).toBe("none");
    now += waitMs;
    expect(breaker.admits(now)).toBe("probe");
    breaker.probe();
    expect(breaker.admits(now)).toBe("none");
    // Stragglers from before decide nothing.
    expect(breaker.succeeded(now, false)).toBeNull();
    expect(breaker.failed(now, 0, false)).toBeNull();
    expect(breaker.failed(now, 0, true)).toBe("reopened");
  }
  now += 300_000;
  expect(breaker.admits(now)).toBe("probe");
  breaker.probe();
  expect(breaker.succeeded(now, true)).toBe("recovered");
  expect(breaker.admits(now)).toBe("all");
});

test("a probe with nothing to send is offered again", () => {
  const breaker = new Breaker();
  for (let count = 0; count < 10; count += 1) breaker.failed(0, 0, false);
  expect(breaker.admits(5_000)).toBe("probe");
  breaker.probe();
  breaker.unprobe();
  expect(breaker.admits(5_000)).toBe("probe");
});

test("it waits as long as the target asks, within its own limit", () => {
  const breaker = new Breaker();
  for (let count = 0; count < 10; count += 1) breaker.failed(0, 60_000, false);
  expect(breaker.until).toBe(60_000);
  const patient = new Breaker();
  for (let count = 0; count < 10; count += 1) patient.failed(0, 3_600_000, false);
  expect(patient.until).toBe(300_000);
});
