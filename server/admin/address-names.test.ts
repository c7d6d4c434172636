import { beforeEach, expect, test } from "vitest";
import { manualClock } from "../core/clock.ts";
import { AddressNames } from "./address-names.ts";
import type { DnsResolver } from "./doctor/parts.ts";

const hourMs = 60 * 60_000;
let clock: ReturnType<typeof manualClock>;
let asked: string[];
let answers: ((names: string[]) => void)[];
let names: AddressNames;

beforeEach(() => {
  clock = manualClock();
  asked = [];
  answers = [];
  const nothing = async () => [];
  const dns: DnsResolver = {
    resolve4: nothing,
    resolve6: nothing,
    resolveSrv: nothing,
    resolveCaa: nothing,
    reverse: (address) => {
      asked.push(address);
      if (address.endsWith(".13")) return Promise.reject(new Error("ENOTFOUND"));
      return new Promise((resolve) => answers.push(resolve));
    },
  };
  names = new AddressNames(dns, clock);
});

test("asks once in an hour, also while nobody has answered yet", async () => {
  const both = Promise.all([names.of("8.8.8.8"), names.of("8.8.8.8")]);
  answers[0]!(["dns.google"]);
  expect(await both).toEqual(["dns.google", "dns.google"]);
  clock.advance(hourMs - 1);
  expect(await names.of("8.8.8.8")).toBe("dns.google");
  expect(asked).toEqual(["8.8.8.8"]);
  clock.advance(1);
  const again = names.of("8.8.8.8");
  answers[1]!([]);
  expect(await again).toBeNull();
});

test("an address that has no name is not asked about again either", async () => {
  expect(await names.of("8.8.8.13")).toBeNull();
  expect(await names.of("8.8.8.13")).toBeNull();
  expect(asked).toEqual(["8.8.8.13"]);
});

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "192.168.0.9",
  "169.254.1.1",
  "100.64.0.1",
  "::1",
  "fe80::1",
  "fd00::1",
  "192.0.2.1",
  "nonsense",
])("%s is nobody's business", async (address) => {
  expect(await names.of(address)).toBeNull();
  expect(asked).toEqual([]);
});

test("a page of them is asked about at a time; others have their turn later", async () => {
  const first = Array.from({ length: 100 }, (_, index) => names.of(`8.8.4.${index + 100}`));
  expect(await names.of("8.8.9.1")).toBeNull();
  expect(asked).toHaveLength(100);
  for (const [index, answer] of answers.entries()) answer([`host-${index}.example`]);
  expect(await Promise.all(first)).toContain("host-99.example");
  const later = names.of("8.8.9.1");
  answers[100]!(["late.example"]);
  expect(await later).toBe("late.example");
});
