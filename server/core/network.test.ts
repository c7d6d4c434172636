import * as fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { Network, parseAddress } from "./network.ts";

const ipv4 = fc.ipV4();
// ipaddr.js reads the deprecated `::1.2.3.4` (RFC 4291 2.5.5.1) as the IPv4-mapped `::ffff:1.2.3.4`.
const ipv6 = fc.ipV6().filter((text) => !/^::\d+\./.test(text));

describe("addresses", () => {
  test.each([
    ["127.0.0.1", 4],
    ["::1", 6],
    ["::ffff:127.0.0.1", 4],
    ["::ffff:7f00:1", 4],
    ["fe80::1%eth0", 6],
    ["64:ff9b::192.0.2.1", 6],
  ])("%s is IPv%i", (text, family) => expect(parseAddress(text)?.family).toBe(family));

  test.each([
    "",
    "localhost",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "010.0.0.1",
    "0x7f.0.0.1",
    "1:2:3",
    "1::2::3",
    ":::",
    "12345::",
    "1.2.3.4::",
    "::1.2.3",
    "1:2:3:4:5:6:7:8:9",
  ])("%j is none", (text) => expect(parseAddress(text)).toBeNull());
});

describe("networks", () => {
  test.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["192.0.2.1", "192.0.2.1/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["::/0", "::/0"],
    ["2001:DB8:0:0:1::1/64", "2001:db8::/64"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3/128"],
  ])("%s is written %s", (text, normal) => expect(Network.parse(text)?.text).toBe(normal));

  test.each(["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8", "x/8", "/8"])(
    "%j is none",
    (text) => expect(Network.parse(text)).toBeNull(),
  );

  // mission A5: a peer matches every IPv6 address against masks of at most 64 bits.
  test.each([
    ["2001:db8::/32", "2a00:1450::5", false],
    ["2001:db8::/32", "2001:db8:ffff::5", true],
    ["2001:db8::/33", "2001:db8:8000::5", false],
    ["127.0.0.0/8", "::ffff:127.1.2.3", true],
    ["::/0", "127.0.0.1", false],
    ["0.0.0.0/0", "::1", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["128.0.0.0/1", "127.255.255.255", false],
  ])("%s has %s: %s", (cidr, address, expected) => {
    expect(Network.parse(cidr)!.has(parseAddress(address)!)).toBe(expected);
  });

  test("agree with ipaddr.js at every length", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(ipv4, ipv4, fc.integer({ min: 0, max: 32 })),
          fc.tuple(ipv6, ipv6, fc.integer({ min: 0, max: 128 })),
        ),
        fc.boolean(),
        ([net, other, prefix], isNear) => {
          const network = Network.parse(`${net}/${prefix}`)!;
          const address = isNear ? net : other;
          // ipaddr.js is asked about what an address means here: IPv4-mapped is IPv4.
          const theirs = ipaddr.process(address);
          const theirNet = ipaddr.parse(net);
          const isMappedNet = theirNet.kind() === "ipv6" && ipaddr.process(net).kind() === "ipv4";
          fc.pre(!isMappedNet);
          const expected = theirs.kind() === theirNet.kind() && theirs.match(theirNet, prefix);
          expect(network.has(parseAddress(address)!)).toBe(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("the normal form means the same", () => {
    fc.assert(
      fc.property(ipv6, fc.integer({ min: 0, max: 128 }), (net, prefix) => {
        const network = Network.parse(`${net}/${prefix}`)!;
        expect(Network.parse(network.text)?.text).toBe(network.text);
        expect(ipaddr.IPv6.isValidCIDR(network.text) || ipaddr.IPv4.isValidCIDR(network.text)).toBe(true);
      }),
    );
  });

  test("containment is having every address", () => {
    const outer = Network.parse("10.0.0.0/8")!;
    expect(outer.contains(Network.parse("10.2.0.0/16")!)).toBe(true);
    expect(outer.contains(Network.parse("0.0.0.0/0")!)).toBe(false);
    expect(outer.contains(Network.parse("11.0.0.0/16")!)).toBe(false);
    expect(Network.parse("::/0")!.contains(outer)).toBe(false);
  });
});
