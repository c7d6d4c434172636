import { describe, expect, it } from "vitest";
import { hostOf, isLocalAddress } from "./host.ts";

describe("hostOf", () => {
  it.each([
    ["Chat.Bix.org", "chat.bix.org", ""],
    ["bix.org:5280", "bix.org", "5280"],
    ["bix.org.", "bix.org", ""],
    ["127.0.0.1:1", "127.0.0.1", "1"],
    ["[::1]:5280", "[::1]", "5280"],
    ["[FE80::1]", "[fe80::1]", ""],
    ["xn--bcher-kva.example", "xn--bcher-kva.example", ""],
  ])("reads %s", (header, name, port) => expect(hostOf(header)).toEqual({ name, port }));

  it.each([
    undefined,
    "",
    ":5280",
    "::1",
    "a b",
    "a/b",
    "a@b",
    "user:pass@bix.org",
    "bix.org:port",
    "bix.org:",
    "bix.org,evil.org",
    "bücher.example",
    "[::1",
    "a\tb",
  ])("refuses %j", (header) => expect(hostOf(header)).toBeNull());
});

describe("isLocalAddress", () => {
  it.each([
    ["localhost", "127.0.0.1", true],
    ["localhost", "::1", true],
    ["localhost", "::ffff:127.0.0.1", true],
    ["console.localhost", "127.0.0.1", true],
    ["127.0.0.1", "127.0.0.1", true],
    ["127.0.0.1", "::ffff:127.0.0.1", true],
    ["[::1]", "::1", true],
    ["192.0.2.7", "192.0.2.7", true],
    ["[2001:db8::7]", "2001:db8::7", true],
    // A published port of a container, a cloud machine's public address: only the inner address is known here.
    ["localhost", "172.17.0.2", true],
    ["127.0.0.1", "172.17.0.2", true],
    ["203.0.113.5", "10.0.0.4", true],
    ["203.0.113.5", "127.0.0.1", false],
    ["evil.example", "10.0.0.4", false],
    ["localhost", "192.0.2.7", true],
    // A page of evil.example may resolve to this machine, but it cannot bear any of these names.
    ["192.0.2.8", "192.0.2.7", false],
    ["127.0.0.1.evil.example", "127.0.0.1", false],
    ["localhost.evil.example", "127.0.0.1", false],
    ["evillocalhost", "127.0.0.1", false],
    ["evil.example", "127.0.0.1", false],
    ["", "", false],
  ])("%s on %s: %s", (name, localAddress, isLocal) => expect(isLocalAddress(name, localAddress)).toBe(isLocal));
});
