import { expect, it } from "vitest";
import { TrustedSources } from "./trusted-sources.ts";

it.each([
  ["10.1.2.3", true],
  ["::ffff:10.1.2.3", true],
  ["11.0.0.1", false],
  ["192.0.2.1", true],
  ["192.0.2.2", false],
  ["2001:db8:1::2", true],
  ["2001:db9::1", false],
  ["fe80::1%eth0", false],
  ["", false],
  ["unix", false],
])("%s is trusted: %s", (address, expected) => {
  expect(new TrustedSources(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]).has(address)).toBe(expected);
});

it.each(["proxy.example.org", "", "10.0.0.0/33"])("%s is no network", (text) => {
  expect(() => new TrustedSources([text])).toThrow();
});
