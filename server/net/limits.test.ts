import { describe, expect, it } from "vitest";
import { AddressLimits } from "./address-limits.ts";
import { addressBlock, isLoopback, plainAddress } from "./address.ts";
import { Deadlines } from "./deadlines.ts";
import { TokenBucket } from "./shaper.ts";
import { StallWatch } from "./stalls.ts";
import { TurnQueue } from "./turns.ts";

describe("addresses", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:0DB8:0001::1", "2001:db8:1:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["1::2:3:4:5:6:7", "1:0:2:3::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("%s counts as %s", (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });

  it.each([
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["128.0.0.1", false],
    ["12.7.0.0", false],
    ["::2", false],
  ])("%s is loopback: %s", (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it("are written as people write them", () => {
    expect(plainAddress("::FFFF:10.0.0.1")).toBe("10.0.0.1");
    expect(plainAddress("fe80::1%2")).toBe("fe80::1");
  });
});

describe("TokenBucket", () => {
  it("allows the burst at once and then the rate", () => {
    const bucket = new TokenBucket({ rate: 100, burst: 500 }, 0);
    expect(bucket.take(500, 0)).toBe(0);
    expect(bucket.take(100, 0)).toBe(1_000);
    expect(bucket.take(0, 500)).toBe(500);
    expect(bucket.take(0, 1_000)).toBe(0);
  });

  it("keeps the rate over a long time", () => {
    const bucket = new TokenBucket({ rate: 1_000, burst: 1_000 }, 0);
    let now = 0;
    for (let taken = 0; taken < 100_000; taken += 500) now += bucket.take(500, now);
    expect(now).toBeGreaterThanOrEqual(98_000);
    expect(now).toBeLessThanOrEqual(100_000);
  });

  it("does not freeze when the clock is set back", () => {
    const bucket = new TokenBucket({ rate: 10, burst: 1 }, 1_000_000);
    expect(bucket.tryTake(1_000_000)).toBe(true);
    expect(bucket.tryTake(0)).toBe(false);
    expect(bucket.tryTake(100)).toBe(true);
  });
});

describe("Deadlines", () => {
  it("hands over what is due, in order, and nothing that was taken back", () => {
    let now = 0;
    const expired: string[] = [];
    const deadlines = new Deadlines<string>(
      100,
      (item) => expired.push(item),
      () => now,
    );
    deadlines.add("a");
    now = 50;
    deadlines.add("b");
    deadlines.add("c");
    deadlines.delete("b");
    now = 99;
    deadlines.sweep();
    expect(expired).toEqual([]);
    now = 100;
    deadlines.sweep();
    expect(expired).toEqual(["a"]);
    now = 150;
    deadlines.sweep();
    expect(expired).toEqual(["a", "c"]);
    expect(deadlines.size).toBe(0);
  });

  it("waits no longer than once more when the clock is set back", () => {
    let now = 1_000_000;
    const expired: string[] = [];
    const deadlines = new Deadlines<string>(
      100,
      (item) => expired.push(item),
      () => now,
    );
    deadlines.add("a");
    now = 0;
    deadlines.add("b");
    deadlines.sweep();
    expect(expired).toEqual([]);
    now = 100;
    deadlines.sweep();
    expect(expired.toSorted()).toEqual(["a", "b"]);
  });
});

describe("TurnQueue", () => {
  it("serves everybody once before anybody twice", async () => {
    const served: string[] = [];
    const done = Promise.withResolvers<void>();
    const queue = new TurnQueue<{ name: string; work: number }>((item) => {
      served.push(item.name);
      item.work -= 1;
      if (item.work > 0) queue.add(item);
      else if (item.name === "busy") done.resolve();
    });
    queue.add({ name: "busy", work: 3 });
    queue.add({ name: "quick", work: 1 });
    await done.promise;
    expect(served).toEqual(["busy", "quick", "busy", "busy"]);
  });

  it("leaves the rest to the next turns when its share is used up, in order", async () => {
    const served: string[] = [];
    const done = Promise.withResolvers<void>();
    const queue = new TurnQueue<string>((item) => {
      served.push(item);
      if (item === "a") queue.add("d");
      if (item === "d") done.resolve();
    }, 0);
    for (const item of ["a", "b", "c"]) queue.add(item);
    let turns = 0;
    const count = (): void => {
      turns += 1;
      served.push("-");
      if (turns < 10) setImmediate(count);
    };
    setImmediate(count);
    await done.promise;
    expect(served.slice(0, 7)).toEqual(["a", "-", "b", "-", "c", "-", "d"]);
  });
});

describe("AddressLimits", () => {
  it("allows so many connections at a time from one address", () => {
    const limits = new AddressLimits({ maxPerAddress: 2, newPerSecond: 100, now: () => 0 });
    expect([1, 2, 3].map(() => limits.admit("192.0.2.1"))).toEqual([true, true, false]);
    expect(limits.admit("192.0.2.2")).toBe(true);
    limits.release("192.0.2.1");
    expect(limits.admit("192.0.2.1")).toBe(true);
  });

  it("allows so many new connections a second, also to those that leave at once", () => {
    let now = 0;
    const limits = new AddressLimits({ maxPerAddress: 100, newPerSecond: 5, now: () => now });
    const arrive = (): boolean => {
      const isIn = limits.admit("192.0.2.1");
      if (isIn) limits.release("192.0.2.1");
      return isIn;
    };
    expect(Array.from({ length: 11 }, arrive).filter(Boolean)).toHaveLength(10);
    now = 1_000;
    expect(Array.from({ length: 10 }, arrive).filter(Boolean)).toHaveLength(5);
  });

  it("exempts loopback unless told otherwise", () => {
    const options = { maxPerAddress: 1, newPerSecond: 1, now: () => 0 };
    const lenient = new AddressLimits(options);
    const strict = new AddressLimits({ ...options, includesLoopback: true });
    expect([1, 2, 3].every(() => lenient.admit("127.0.0.1"))).toBe(true);
    expect([1, 2, 3].map(() => strict.admit("127.0.0.1"))).toEqual([true, false, false]);
  });
});

describe("StallWatch", () => {
  it("ends whoever takes nothing for four sweeps, and nobody who takes a little", () => {
    const ended: string[] = [];
    const writer = (name: string, unsent: number) => ({ unsent, destroy: () => void ended.push(name) });
    const [dead, slow, done] = [writer("dead", 1_000), writer("slow", 1_000), writer("done", 1_000)];
    const watch = new StallWatch();
    for (const one of [dead, slow, done]) watch.watch(one);
    done.unsent = 0;
    for (let sweeps = 0; sweeps < 5; sweeps += 1) {
      dead.unsent += 10;
      slow.unsent -= 1;
      watch.sweep();
    }
    expect(ended).toEqual(["dead"]);
    watch.forget(slow);
    watch.sweep();
  });
});
