import { expect, test } from "vitest";
import { familyOf, networkAround } from "./network-around.ts";

test.each([
  ["203.0.113.9", 32, "203.0.113.9/32"],
  ["203.0.113.9", 24, "203.0.113.0/24"],
  ["203.0.113.9", 16, "203.0.0.0/16"],
  ["2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::/64"],
  ["2001:db8:1:2:3:4:5:6", 48, "2001:db8:1::/48"],
  ["2001:db8::6", 64, "2001:db8:0:0::/64"],
  ["2001:db8::6", 128, "2001:db8::6/128"],
  ["::1", 48, "0:0:0::/48"],
])("%s in a block of %i is %s", (address, prefix, network) => {
  expect(networkAround(address, prefix)).toBe(network);
  expect(familyOf(address)).toBe(address.includes(".") ? 4 : 6);
});
