import { describe, expect, it } from "vitest";
import { manualClock } from "./clock.ts";
import { LoginThrottle } from "./throttle.ts";

function fail(throttle: LoginThrottle, times: number, address: string, account: string): number[] {
  return Array.from({ length: times }, () => throttle.failed(address, account));
}

describe("LoginThrottle", () => {
  it("refuses an address after 10 failures a minute, whatever the accounts", () => {
    const throttle = new LoginThrottle(manualClock());
    for (let i = 0; i < 9; i += 1) throttle.failed("192.0.2.1", `user${i}@bix.org`);
    expect(throttle.check("192.0.2.1", "new@bix.org")).toBeNull();
    throttle.failed("192.0.2.1", "user9@bix.org");
    expect(throttle.check("192.0.2.1", "new@bix.org")).toEqual({ retryAfterMs: 6_000 });
  });

  it("lets one try in for each one that has leaked away", () => {
    const clock = manualClock();
    const throttle = new LoginThrottle(clock);
    fail(throttle, 10, "192.0.2.1", "harttle@bix.org");
    clock.advance(1);
    expect(throttle.check("192.0.2.1", "harttle@bix.org")).toEqual({ retryAfterMs: 5_999 });
    clock.advance(5_999);
    expect(throttle.check("192.0.2.1", "harttle@bix.org")).toBeNull();
    throttle.failed("192.0.2.1", "harttle@bix.org");
    expect(throttle.check("192.0.2.1", "harttle@bix.org")).toEqual({ retryAfterMs: 6_000 });
  });

  it("outlives a clock that is set back", () => {
    const clock = manualClock();
    const throttle = new LoginThrottle(clock);
    fail(throttle, 10, "192.0.2.1", "harttle@bix.org");
    clock.advance(-3_600_000);
    expect(throttle.check("192.0.2.1", "harttle@bix.org")).toEqual({ retryAfterMs: 6_000 });
    clock.advance(6_000);
    expect(throttle.check("192.0.2.1", "harttle@bix.org")).toBeNull();
  });

  it("never refuses an account from elsewhere", () => {
    const throttle = new LoginThrottle(manualClock());
    fail(throttle, 1_000, "192.0.2.1", "harttle@bix.org");
    expect(throttle.check("192.0.2.1", "harttle@bix.org")).not.toBeNull();
    expect(throttle.check("192.0.2.2", "harttle@bix.org")).toBeNull();
  });

  it("counts an IPv6 /64 as one address, and IPv4 in IPv6 as IPv4", () => {
    const throttle = new LoginThrottle(manualClock());
    fail(throttle, 10, "2001:db8:1:2::1", "a@bix.org");
    expect(throttle.check("2001:db8:1:2:ffff::9", "b@bix.org")).not.toBeNull();
    expect(throttle.check("2001:db8:1:3::1", "b@bix.org")).toBeNull();
    fail(throttle, 10, "::ffff:192.0.2.7", "a@bix.org");
    expect(throttle.check("192.0.2.7", "b@bix.org")).not.toBeNull();
  });

  it("counts loopback by account only", () => {
    const throttle = new LoginThrottle(manualClock());
    for (let i = 0; i < 100; i += 1) throttle.failed("127.0.0.1", `user${i}@bix.org`);
    expect(throttle.check("127.0.0.1", "harttle@bix.org")).toBeNull();
    fail(throttle, 20, "::1", "harttle@bix.org");
    expect(throttle.check("::1", "harttle@bix.org")).toEqual({ retryAfterMs: 3_000 });
  });

  it("holds answers back longer and longer", () => {
    const throttle = new LoginThrottle(manualClock());
    const delays = fail(throttle, 10, "192.0.2.1", "harttle@bix.org");
    expect(delays.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(delays.slice(5)).toEqual([500, 1_000, 2_000, 4_000, 4_000]);
  });

  it("forgets with time, and with a good login", () => {
    const clock = manualClock();
    const throttle = new LoginThrottle(clock);
    fail(throttle, 10, "192.0.2.1", "harttle@bix.org");
    clock.advance(6_000);
    expect(throttle.check("192.0.2.1", "harttle@bix.org")).toBeNull();
    fail(throttle, 19, "127.0.0.1", "amy@bix.org");
    throttle.succeeded("127.0.0.1", "amy@bix.org");
    fail(throttle, 19, "127.0.0.1", "amy@bix.org");
    expect(throttle.check("127.0.0.1", "amy@bix.org")).toBeNull();
  });

  it("stays small under a storm from everywhere", () => {
    const throttle = new LoginThrottle(manualClock());
    for (let i = 0; i < 120_000; i += 1)
      throttle.failed(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, "harttle@bix.org");
    expect(throttle.check("10.0.0.1", "harttle@bix.org")).toBeNull();
  });
});
