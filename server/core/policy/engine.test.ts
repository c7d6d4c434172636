import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCondition, parseLine } from "../../../lib/contracts/policy-text.ts";
import type { AccessLine, Condition, Policy } from "../../../lib/contracts/policy.ts";
import { HostPolicy } from "../../../lib/contracts/policy.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Subject } from "./condition.ts";
import { defaultPolicy } from "./default.ts";
import { Engine } from "./engine.ts";

function policyWith(edit: (draft: Policy) => void): Policy {
  const draft = defaultPolicy();
  for (const host of ["bix.org", "h"]) draft.hosts[host] = HostPolicy.parse({});
  edit(draft);
  return draft;
}
const subject = (jid: string | null, ip: string | null = null, host = ""): Subject => ({
  jid: jid === null ? null : Jid.parse(jid),
  ip,
  host,
});

function matches(condition: Condition, who: Subject): boolean {
  return new Engine(policyWith((draft) => (draft.acl["x"] = [condition]))).matchesAcl("x", who);
}

describe("conditions", () => {
  test.each<[string, string | null, string | null, boolean]>([
    ["all", null, null, true],
    ["none", "a@h", "127.0.0.1", false],
    // A bare user is that local part on any host served here, and on no other.
    ["user harttle", "harttle@bix.org", null, true],
    ["user harttle", "harttle@h/phone", null, true],
    ["user harttle", "harttle@elsewhere.org", null, false],
    ["user harttle@elsewhere.org", "harttle@elsewhere.org", null, true],
    ["user harttle@bix.org", "harttle@h", null, false],
    ["user HARTTLE@BIX.ORG", "harttle@bix.org/x", null, true],
    ["user harttle", null, null, false],
    ["server bix.org", "anybody@bix.org", null, true],
    ["server bix.org", "anybody@sub.bix.org", null, false],
    ["resource phone", "a@h/phone", null, true],
    ["resource phone", "a@h/Phone", null, false],
    ["resource phone", "a@h", null, false],
    // Regular expressions are not anchored.
    ["user_regexp dmi", "xadminx@h", null, true],
    ["user_regexp ^admin$", "xadminx@h", null, false],
    ['user_regexp ""', "anybody@h", null, true],
    ['user_regexp ""', "anybody@elsewhere.org", null, false],
    ["user_regexp ^a@elsewhere.org", "abc@elsewhere.org", null, true],
    ["user_regexp ^a@elsewhere.org", "abc@h", null, false],
    ["server_regexp [.]org$", "a@x.org", null, true],
    ["resource_regexp ^bot", "a@h/bot1", null, true],
    ["node_regexp ^a ^h$", "abc@h", null, true],
    ["node_regexp ^a ^h$", "abc@hh", null, false],
    // Globs are.
    ["user_glob adm", "admin@h", null, false],
    ["user_glob adm*", "admin@h", null, true],
    ["user_glob a?m*", "admin@h", null, true],
    ["user_glob [!b]dmin", "admin@h", null, true],
    ["user_glob [a-c]dmin", "ddmin@h", null, false],
    ["user_glob a.min", "admin@h", null, false],
    ["user_glob a[min", "a[min@h", null, true],
    ["server_glob *.example.org", "a@x.example.org", null, true],
    ["server_glob *.example.org", "a@example.org", null, false],
    ["resource_glob bot*", "a@h/bot1", null, true],
    ["node_glob a* b?x.org", "abc@bix.org", null, true],
    ["ip 127.0.0.0/8", null, "127.9.9.9", true],
    ["ip 127.0.0.0/8", null, "::ffff:127.0.0.1", true],
    ["ip 127.0.0.0/8", "a@h", null, false],
    ["ip 10.0.0.0/8,2001:db8::/32", null, "2001:db8:1::1", true],
    ["ip 2001:db8::/32", null, "2a00:1450::5", false],
    ["acl loopback", null, "::1", true],
    ["acl all", null, null, true],
    ["acl none", "a@h", "127.0.0.1", false],
  ])("%s, %s from %s: %s", (text, jid, ip, expected) => {
    expect(matches(parseCondition(text), subject(jid, ip))).toBe(expected);
  });

  test.each(["user_regexp [", "ip 10.0.0.0/33", "acl nowhere", "user a@b@c", "server a@b", "node_regexp ( x"])(
    "%s cannot be compiled and matches nobody",
    (text) => expect(matches(parseCondition(text), subject("a@h", "10.0.0.1"))).toBe(false),
  );

  test("an expression that backtracks for ever elsewhere takes no time", () => {
    const started = performance.now();
    expect(matches({ user_regexp: "^(a+)+$" }, subject(`${"a".repeat(500)}b@h`))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("access rules", () => {
  const engineOf = (...lines: string[]): Engine =>
    new Engine(policyWith((draft) => (draft.accessRules["r"] = lines.map(parseLine))));

  // mission A4: conditions of one line are joined by AND.
  test.each([
    ["admin@h", "127.0.0.1", true],
    ["admin@h", "10.0.0.5", false],
    ["bob@h", "127.0.0.1", false],
  ])("allow ip 127.0.0.0/8 and user admin@h: %s from %s: %s", (jid, ip, expected) => {
    expect(engineOf("allow ip 127.0.0.0/8 and user admin@h").allows("r", subject(jid, ip))).toBe(expected);
  });

  // mission A4: conditions of one ACL are joined by OR.
  test.each([
    ["admin@h", "10.0.0.5", true],
    ["bob@h", "127.0.0.1", true],
    ["bob@h", "10.0.0.5", false],
  ])("acl of ip 127.0.0.0/8 or user admin@h: %s from %s: %s", (jid, ip, expected) => {
    const engine = new Engine(
      policyWith((draft) => {
        draft.acl["either"] = [{ ip: "127.0.0.0/8" }, { user: "admin@h" }];
        draft.accessRules["r"] = [{ allow: [{ acl: "either" }] }];
      }),
    );
    expect(engine.allows("r", subject(jid, ip))).toBe(expected);
  });

  test("the first line that matches decides", () => {
    expect(engineOf("deny user bob@h", "allow all").allows("r", subject("bob@h"))).toBe(false);
    expect(engineOf("allow all", "deny user bob@h").allows("r", subject("bob@h"))).toBe(true);
    expect(engineOf("allow user bob@h").allows("r", subject("eve@h"))).toBe(false);
    expect(engineOf().allows("r", subject("eve@h"))).toBe(false);
  });

  test("names that nobody defined", () => {
    const engine = engineOf();
    expect(engine.allows("all", subject(null))).toBe(true);
    expect(engine.allows("none", subject(null))).toBe(false);
    expect(engine.allows("nowhere", subject("a@h"))).toBe(false);
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(engine.allows(name, subject("a@h", null, name))).toBe(false);
      expect(engine.matchesAcl(name, subject("a@h"))).toBe(false);
      expect(engine.limit(name, subject("a@h"))).toBe(Infinity);
    }
  });

  test("a host appends to the global lines or takes their place", () => {
    const engine = new Engine(
      policyWith((draft) => {
        draft.acl["admin"] = [{ user: "root@h" }];
        draft.hosts["bix.org"]!.accessRules = {
          configure: { inherit: "append", lines: [{ allow: [{ user: "local@bix.org" }] }] },
        };
        draft.hosts["h"]!.accessRules = { configure: { inherit: "replace", lines: [] } };
        draft.hosts["h"]!.acl = { local: { inherit: "append", any: [{ ip: "192.0.2.1" }] } };
      }),
    );
    expect(engine.allows("configure", subject("local@bix.org", null, ""))).toBe(false);
    expect(engine.allows("configure", subject("local@bix.org", null, "bix.org"))).toBe(true);
    expect(engine.allows("configure", subject("root@h", null, "bix.org"))).toBe(true);
    expect(engine.allows("configure", subject("root@h", null, "h"))).toBe(false);
    expect(engine.allows("local", subject(null, "192.0.2.1", "h"))).toBe(true);
    expect(engine.allows("local", subject(null, "192.0.2.1", "bix.org"))).toBe(false);
  });

  test("explains the deciding line and how each condition came out", () => {
    const engine = engineOf("deny user eve@h", "allow acl local and ip 10.0.0.0/8", "deny all");
    expect(engine.explain("r", subject("bob@h", "10.1.1.1"))).toEqual({
      allowed: true,
      rule: "r",
      line: 1,
      text: "r[1]: allow acl local and ip 10.0.0.0/8",
      trace: [
        {
          index: 0,
          action: "deny",
          matched: false,
          conditions: [{ text: "user eve@h", matched: false, detail: "JID bob@h" }],
        },
        {
          index: 1,
          action: "allow",
          matched: true,
          conditions: [
            { text: "acl local", matched: true, detail: 'by user_regexp "" (JID bob@h)' },
            { text: "ip 10.0.0.0/8", matched: true, detail: "address 10.1.1.1" },
          ],
        },
      ],
    });
    expect(engine.explain("nowhere", subject(null))).toMatchObject({ allowed: false, line: null });
  });

  test.each([
    [["allow all"], "10.0.0.1", true],
    [["deny ip 10.0.0.0/8", "allow all"], "10.0.0.1", false],
    [["deny ip 10.0.0.0/8", "allow all"], "11.0.0.1", true],
    [["allow user a@h and ip 10.0.0.0/8"], "11.0.0.1", false],
    [["allow user a@h and ip 10.0.0.0/8"], "10.0.0.1", true],
    [["deny user a@h", "allow acl local"], "10.0.0.1", true],
    [["deny all", "allow user a@h"], "10.0.0.1", false],
    [["allow acl admin"], "10.0.0.1", false],
  ])("%j may allow somebody from %s: %s", (lines, ip, expected) => {
    expect(engineOf(...lines).mayAllow("r", subject(null, ip))).toBe(expected);
  });
});

describe("shaper rules", () => {
  const engine = new Engine(policyWith((draft) => (draft.acl["admin"] = [{ user: "root@h" }])));

  test("limits", () => {
    expect(engine.limit("max_user_offline_messages", subject("a@h"))).toBe(1000);
    expect(engine.limit("max_user_offline_messages", subject("root@h"))).toBe(5000);
    expect(engine.limit("c2s_shaper", subject("root@h"))).toBe(Infinity);
  });

  test("shapers", () => {
    expect(engine.shaper("c2s_shaper", subject("a@h"))).toEqual({ rate: 262_144, burst: 4_194_304 });
    expect(engine.shaper("c2s_shaper", subject("root@h"))).toBeNull();
    expect(engine.shaper("nowhere", subject("a@h"))).toBeNull();
  });
});

describe("against a naive evaluator", () => {
  const names = ["a", "b", "c"];
  const hosts = ["bix.org", "h", "elsewhere.org"];
  const users = ["ann", "bob"];
  const addresses = ["10.0.0.1", "10.1.0.1", "2001:db8::1"];
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    fc.constantFrom<Condition>("all", "none"),
    fc.constantFrom(...users).map((user): Condition => ({ user })),
    fc.tuple(fc.constantFrom(...users), fc.constantFrom(...hosts)).map(([u, h]): Condition => ({ user: `${u}@${h}` })),
    fc.constantFrom(...hosts).map((server): Condition => ({ server })),
    fc.constantFrom("10.0.0.0/8", "10.0.0.0/16", "2001:db8::/32").map((ip): Condition => ({ ip })),
    fc.constantFrom(...names).map((acl): Condition => ({ acl })),
  );
  const line: fc.Arbitrary<AccessLine> = fc
    .tuple(fc.boolean(), fc.array(condition, { minLength: 1, maxLength: 3 }))
    .map(([isAllow, conditions]) => (isAllow ? { allow: conditions } : { deny: conditions }));
  // An ACL refers only to those before it, so that there is no cycle.
  const acl = (index: number): fc.Arbitrary<Condition[]> =>
    fc.array(
      condition.filter((one) => typeof one === "string" || !("acl" in one) || names.indexOf(one.acl) < index),
      { maxLength: 3 },
    );
  const document = fc.tuple(acl(0), acl(1), acl(2), fc.array(line, { maxLength: 5 }));

  type Acls = readonly (readonly Condition[])[];
  function naive(one: Condition, user: string, host: string, ip: string, acls: Acls): boolean {
    if (one === "all" || one === "none") return one === "all";
    if ("acl" in one) return acls[names.indexOf(one.acl)]!.some((inner) => naive(inner, user, host, ip, acls));
    if ("server" in one) return one.server === host;
    if ("ip" in one)
      return ip.startsWith(one.ip === "10.0.0.0/8" ? "10." : one.ip === "10.0.0.0/16" ? "10.0." : "2001:");
    if ("user" in one)
      return one.user.includes("@") ? one.user === `${user}@${host}` : one.user === user && host !== hosts[2];
    throw new Error("not generated");
  }

  test("the same answer for every document and subject", () => {
    fc.assert(
      fc.property(document, ([a, b, c, lines]) => {
        const policy = policyWith((draft) => {
          Object.assign(draft.acl, { a, b, c });
          draft.accessRules["r"] = lines;
        });
        const engine = new Engine(policy);
        for (const user of users) {
          for (const host of hosts) {
            for (const ip of addresses) {
              const who = subject(`${user}@${host}`, ip);
              const decides = lines.find((one) =>
                ("allow" in one ? one.allow : one.deny).every((inner) => naive(inner, user, host, ip, [a, b, c])),
              );
              const expected = decides !== undefined && "allow" in decides;
              expect(engine.allows("r", who)).toBe(expected);
              expect(engine.explain("r", who).allowed).toBe(expected);
              if (expected) expect(engine.mayAllow("r", who)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
