import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Jid, JidError } from "./jid.ts";

describe("RFC 7622 3.5, table 1: addresses", () => {
  test.each([
    ["juliet@example.com", "juliet", "example.com", ""],
    ["juliet@example.com/foo", "juliet", "example.com", "foo"],
    ["juliet@example.com/foo bar", "juliet", "example.com", "foo bar"],
    ["juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar"],
    ["foo\\20bar@example.com", "foo\\20bar", "example.com", ""],
    ["fussball@example.com", "fussball", "example.com", ""],
    ["fu\u00dfball@example.com", "fu\u00dfball", "example.com", ""],
    ["\u03c0@example.com", "\u03c0", "example.com", ""],
    ["\u03a3@example.com/foo", "\u03c3", "example.com", "foo"],
    ["\u03c3@example.com/foo", "\u03c3", "example.com", "foo"],
    ["\u03c2@example.com/foo", "\u03c2", "example.com", "foo"],
    ["king@example.com/\u265a", "king", "example.com", "\u265a"],
    ["example.com", "", "example.com", ""],
    ["example.com/foobar", "", "example.com", "foobar"],
    ["a.example.com/b@example.net", "", "a.example.com", "b@example.net"],
  ])("%s", (text, local, domain, resource) => {
    const jid = Jid.parse(text);
    expect([jid.local, jid.domain, jid.resource]).toEqual([local, domain, resource]);
  });
});

describe("RFC 7622 3.5, table 2: no addresses", () => {
  test.each([
    ['"juliet"@example.com'],
    ["foo bar@example.com"],
    ["juliet@example.com/ foo\u0000"],
    ["@example.com/"],
    ["@example.com"],
    ["example.com/"],
    ["henry\u2163@example.com"],
    ["\u265a@example.com"],
    ["juliet@"],
    ["/foobar"],
    [""],
    ["@"],
    ["a@b@c"],
  ])("%j", (text) => {
    expect(() => Jid.parse(text)).toThrow(JidError);
    expect(Jid.tryParse(text)).toBeUndefined();
  });
});

describe("preparation", () => {
  test.each([
    ["case", "Juliet@Example.COM/Balcony", "juliet@example.com/Balcony"],
    ["width", "\uff2a\uff55\uff4c\uff49\uff45\uff54@example.com", "juliet@example.com"],
    ["composition", "ame\u0301lie@example.com/e\u0301", "am\u00e9lie@example.com/\u00e9"],
    ["spaces of a resource", "example.com/a\u00a0b\u3000c", "example.com/a b c"],
    ["final dot", "example.com./x", "example.com/x"],
    ["ideographic dots", "juliet@example\u3002com", "juliet@example.com"],
    ["A-label", "xn--mnchen-3ya.de", "m\u00fcnchen.de"],
    ["U-label", "M\u00dcNCHEN.de", "m\u00fcnchen.de"],
    ["IPv4", "juliet@127.0.0.1", "juliet@127.0.0.1"],
    ["IPv6", "juliet@[::1]/x", "juliet@[::1]/x"],
    [
      "Persian with a non-joiner",
      "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc@example.com",
      "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc@example.com",
    ],
    ["Hebrew", "\u05d0\u05d1\u05d2@example.com", "\u05d0\u05d1\u05d2@example.com"],
    ["Catalan middle dot", "col\u00b7lecci\u00f3@example.com", "col\u00b7lecci\u00f3@example.com"],
    ["emoji in a resource", "a@b.c/\u{1f600}", "a@b.c/\u{1f600}"],
    ["private network name", "a@xmpp_server", "a@xmpp_server"],
  ])("%s", (_, text, full) => {
    expect(Jid.parse(text).full).toBe(full);
  });

  test.each([
    ["a resource that prepares to nothing", "a@example.com/\u200b"],
    ["an ignorable in a localpart", "a\u200bb@example.com"],
    ["an excluded character after width mapping", "a\uff20b@example.com"],
    ["a fullwidth slash in a localpart", "a\uff0fb@example.com"],
    ["mixed directions", "a\u05d0@example.com"],
    ["mixed Arabic digits", "\u0661\u06f1@example.com"],
    ["non-joiner between Latin letters", "a\u200cb@example.com"],
    ["middle dot elsewhere", "a\u00b7b@example.com"],
    ["a lone surrogate", "a\ud800@example.com"],
    ["a control in a resource", "a@b/\u0007"],
    ["unassigned", "\u0378@example.com"],
    ["an octet too large", "a@1.2.3.256"],
    ["numbers that a URL parser takes for an address", "a@0x7f.1"],
    ["a port", "a@example.com:5222"],
    ["a percent sign", "a@exa%6dple.com"],
    ["an empty label", "a@b..c"],
    ["a hyphen first", "a@-b.c"],
    ["a label of 64 bytes", `a@${"b".repeat(64)}.c`],
    ["an A-label that decodes to nothing", "a@xn--a.com"],
    ["a bad IPv6 address", "a@[::g]"],
    ["two final dots", "a@b.."],
  ])("refuses %s", (_, text) => {
    expect(() => Jid.parse(text)).toThrow(JidError);
  });
});

describe("parts of 1023 bytes", () => {
  const domain = "d.".repeat(511) + "d";
  test.each([
    ["a".repeat(1023), true],
    ["a".repeat(1024), false],
    ["\u00e9".repeat(511), true],
    ["\u00e9".repeat(512), false],
  ])("local and resource", (part, isAllowed) => {
    expect(Jid.tryParse(`${part}@example.com`) !== undefined).toBe(isAllowed);
    expect(Jid.tryParse(`example.com/${part}`) !== undefined).toBe(isAllowed);
  });
  test("domain", () => {
    expect(Jid.tryParse(domain)?.domain).toBe(domain);
    expect(Jid.tryParse(`${domain}.d`)).toBeUndefined();
  });
});

test("parts put together are prepared and may not be empty", () => {
  const jid = Jid.of("Romeo", "Montague.LIT", "Orchard");
  expect(jid.full).toBe("romeo@montague.lit/Orchard");
  expect(jid.toBare().full).toBe("romeo@montague.lit");
  expect(jid.toBare().withResource("x").equals(Jid.parse("romeo@montague.lit/x"))).toBe(true);
  expect(() => jid.withResource("")).toThrow(JidError);
  expect(String(jid)).toBe(jid.full);
});

test("the cache hands out the same object and survives its own turnover", () => {
  const first = Jid.parse("cached@example.com");
  // Other files of the process have filled it as well: asked for now and then, it survives any number of turnovers.
  for (let i = 0; i < 10_000; i += 1) {
    if (i % 1_000 === 0) expect(Jid.parse("cached@example.com")).toBe(first);
    Jid.parse(`user${i}@example.com`);
  }
});

describe("properties", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const addressLike = fc
    .tuple(text, fc.constantFrom("@", ""), fc.oneof(text, fc.constant("example.com")), fc.constantFrom("/", ""), text)
    .map((parts) => parts.join(""));

  test("any text either parses to a fixed point or is refused by name", () => {
    fc.assert(
      fc.property(fc.oneof(text, addressLike), (address) => {
        const jid = Jid.tryParse(address);
        if (jid === undefined) return;
        expect(Jid.parse(jid.full).full).toBe(jid.full);
        expect(Jid.of(jid.local, jid.domain, jid.resource).full).toBe(jid.full);
        expect(jid.bare === jid.full).toBe(jid.resource === "");
      }),
      { numRuns: 3000 },
    );
  });

  test("what is prepared once is not changed again", () => {
    fc.assert(
      fc.property(text, (part) => {
        const jid = Jid.tryParse(`${part}@example.com/${part}`);
        return jid === undefined || Jid.parse(jid.full).full === jid.full;
      }),
      { numRuns: 2000 },
    );
  });
});
