import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import {
  decide,
  decidePassword,
  type RegistrationAttempt,
  type RegistrationFacts,
  throttleNetwork,
} from "./registration.ts";
import { passwordBits } from "./words.ts";

const NOW = 1_000_000_000;

const attempt = (more: Partial<RegistrationAttempt> = {}): RegistrationAttempt => ({
  host: "bix.org",
  address: "192.0.2.1",
  isSecure: true,
  local: "romeo",
  password: "correct horse",
  ...more,
});
function facts(policy: object, more: Partial<RegistrationFacts> = {}): RegistrationFacts {
  return {
    policy: RegistrationPolicy.parse({ mode: "open", ...policy }),
    isHostEnabled: true,
    access: (rule) => ({ allowed: true, text: `${rule}[0]: allow all` }),
    isAdmin: (jid) => jid.local === "harttle",
    lastAt: null,
    isTaken: false,
    now: NOW,
    ...more,
  };
}

describe("the first no is the answer", () => {
  const networks = [
    { action: "allow", cidr: "10.0.0.0/8" },
    { action: "deny", cidr: "203.0.113.0/24" },
    { action: "deny", cidr: "2001:db8::/32" },
  ];
  const permit = { id: "p1", by: "boss" };
  const denied = { access: (rule: string) => ({ allowed: false, text: `${rule}[0]: deny all` }) };
  test.each<[string, Partial<RegistrationAttempt>, object, Partial<RegistrationFacts>]>([
    ["host-disabled: bar.org is not a host of this server", { host: "bar.org" }, {}, { isHostEnabled: null }],
    ["host-disabled: hosts: bix.org is switched off", {}, { mode: "closed" }, { isHostEnabled: false }],
    ["closed: mode: closed", { isSecure: false }, { mode: "closed" }, {}],
    [
      "needs-tls: requireTls: the stream is not encrypted",
      { isSecure: false, address: "203.0.113.9" },
      { networks },
      {},
    ],
    ["needs-invite: mode: invite", {}, { mode: "invite" }, {}],
    ["allowed: invite i1", { invite: { id: "i1", local: null, inviter: null } }, { mode: "invite" }, {}],
    ["allowed: invite i1", { invite: { id: "i1", local: null, inviter: null } }, { mode: "access" }, denied],
    ["allowed: invite i1", { invite: { id: "i1", local: null, inviter: null } }, {}, { lastAt: NOW, heldBy: "i1" }],
    ["allowed: invite i1", { local: "abuse", invite: { id: "i1", local: "abuse", inviter: null } }, {}, {}],
    ["closed: mode: closed", { invite: { id: "i1", local: null, inviter: null } }, { mode: "closed" }, {}],
    [
      "reserved-name: reservedNames: abuse",
      { local: "abuse", invite: { id: "i1", local: null, inviter: null } },
      {},
      {},
    ],
    ["reserved-name: invite i1 is for juliet", { invite: { id: "i1", local: "juliet", inviter: null } }, {}, {}],
    ["reserved-name: invite i2 keeps the name", {}, {}, { heldBy: "i2" }],
    [
      "reserved-name: the access rule configure makes this account an admin",
      { local: "harttle", invite: { id: "i1", local: "harttle", inviter: null } },
      {},
      {},
    ],
    [
      "network: networks[1]: deny 203.0.113.0/24",
      { address: "203.0.113.9", invite: { id: "i1", local: null, inviter: null } },
      { networks },
      {},
    ],
    ["allowed: defaultIpv4: allow", { isSecure: false }, { requireTls: false }, {}],
    ["allowed: defaultIpv4: allow", { isSecure: false, address: "127.0.0.1" }, {}, {}],
    ["allowed: defaultIpv6: allow", { isSecure: false, address: "::1" }, {}, {}],
    ["network: networks[1]: deny 203.0.113.0/24", { address: "203.0.113.9" }, { networks, mode: "access" }, denied],
    ["network: networks[1]: deny 203.0.113.0/24", { address: "::ffff:203.0.113.9" }, { networks }, {}],
    ["network: networks[2]: deny 2001:db8::/32", { address: "2001:db8:1::1" }, { networks }, {}],
    ["allowed: networks[0]: allow 10.0.0.0/8", { address: "10.1.2.3" }, { networks, defaultIpv4: "deny" }, {}],
    ["network: defaultIpv4: deny", {}, { networks, defaultIpv4: "deny" }, {}],
    ["network: defaultIpv6: deny", { address: "2a00::1" }, { networks, defaultIpv6: "deny" }, {}],
    ["network: nowhere is not an IP address", { address: "nowhere" }, {}, {}],
    ["access-rule: register[0]: deny all", { local: "admin" }, { mode: "access" }, denied],
    ["allowed: signup[0]: allow all", {}, { mode: "access", accessRule: "signup" }, {}],
    ["reserved-name: reservedNames: admin", { local: "Admin", password: "x" }, {}, {}],
    ["reserved-name: reservedNames: looks like root", { local: "\u0433\u043e\u043e\u0442" }, {}, {}],
    ["reserved-name: the access rule configure makes this account an admin", { local: "Harttle" }, {}, {}],
    ["bad-name: the name mixes letters that look alike", { local: "p\u0430ypal" }, {}, {}],
    ["bad-name: the name cannot be used in a JID", { local: "a b" }, {}, {}],
    ["bad-name: the name cannot be used in a JID", { local: "x".repeat(1024) }, {}, {}],
    ["weak-password: passwordMinLength: 6", { password: "12345" }, {}, { lastAt: NOW }],
    ["weak-password: the password is the name", { local: "romeomontague", password: "RomeoMontague" }, {}, {}],
    ["weak-password: passwordStrength: 64", { password: "aaaaaaaa" }, { passwordStrength: 64 }, {}],
    ["weak-password: the password cannot be used", { password: "a\u0000bcdefgh" }, {}, {}],
    ["rate-limited: timeout: 600 s for 192.0.2.1/32", {}, {}, { lastAt: NOW - 1000, isTaken: true }],
    ["rate-limited: timeout: 600 s for 2001:db8:1:2::/64", { address: "2001:db8:1:2::3" }, {}, { lastAt: NOW }],
    ["allowed: defaultIpv4: allow", {}, {}, { lastAt: NOW - 600_000 }],
    ["allowed: defaultIpv4: allow", {}, { timeout: "infinity" }, { lastAt: NOW }],
    ["allowed: defaultIpv4: allow", {}, { timeout: 0 }, { lastAt: NOW }],
    ["exists: the name is taken", {}, {}, { isTaken: true }],
    ["waiting: mode: approval, defaultIpv4: allow", {}, { mode: "approval" }, {}],
    ["waiting: mode: approval, defaultIpv4: allow", {}, { mode: "approval", approvalLimit: 2 }, { waiting: 1 }],
    ["queue-full: approvalLimit: 2 applications wait", {}, { mode: "approval", approvalLimit: 2 }, { waiting: 2 }],
    [
      "allowed: invite i1",
      { invite: { id: "i1", local: null, inviter: null } },
      { mode: "approval" },
      { waiting: 999 },
    ],
    ["exists: the name is taken", {}, { mode: "approval" }, { isTaken: true }],
    ["allowed: allowed once by boss", {}, { mode: "closed" }, { permit }],
    ["allowed: allowed once by boss", {}, { mode: "approval" }, { permit }],
    ["allowed: allowed once by boss", { address: "203.0.113.9" }, { networks }, { permit, lastAt: NOW }],
    ["allowed: allowed once by boss", { local: "admin" }, {}, { permit }],
    ["needs-tls: requireTls: the stream is not encrypted", { isSecure: false }, {}, { permit }],
    ["exists: the name is taken", {}, {}, { permit, isTaken: true }],
    ["weak-password: passwordMinLength: 6", { password: "12345" }, {}, { permit }],
    ["reserved-name: the access rule configure makes this account an admin", { local: "harttle" }, {}, { permit }],
    ["allowed: defaultIpv4: allow", { local: "", password: undefined }, {}, {}],
  ])("%s", (expected, change, policy, more) => {
    const { allowed, code, line } = decide(attempt(change), facts(policy, more));
    expect(`${code}: ${line}`).toBe(expected);
    expect(allowed).toBe(code === "allowed" || code === "waiting");
  });

  test("says when to come back", () => {
    expect(decide(attempt(), facts({}, { lastAt: NOW - 599_001 })).retryAfterSeconds).toBe(1);
    expect(decide(attempt(), facts({}, { lastAt: NOW })).retryAfterSeconds).toBe(600);
    expect(decide(attempt(), facts({})).retryAfterSeconds).toBeNull();
  });

  test("a line never holds the password, and no address is let past a line that denies it", () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.string({ minLength: 1, unit: "binary" }),
        fc.string({ minLength: 12 }),
        (address, local, password) => {
          const policy = { networks: [{ action: "deny", cidr: `${address}/16` }], passwordMinLength: 128 };
          const verdict = decide(attempt({ address, local, password }), facts(policy));
          expect(verdict).toMatchObject({ allowed: false, code: "network" });
          expect(decide(attempt({ local, password }), facts({ passwordMinLength: 128 })).line).not.toContain(password);
        },
      ),
    );
  });
});

test.each([
  [{}, "192.0.2.77", "192.0.2.77/32"],
  [{}, "::ffff:192.0.2.77", "192.0.2.77/32"],
  [{ ipv4Prefix: 24 }, "192.0.2.77", "192.0.2.0/24"],
  [{ ipv6Prefix: 48 }, "2001:db8:1:2::3", "2001:db8:1::/48"],
  [{ timeout: "infinity" }, "192.0.2.77", null],
])("%j throttles %s as %s", (policy, address, network) =>
  expect(throttleNetwork(RegistrationPolicy.parse(policy), address)).toBe(network),
);

test("bits of a password", () => {
  expect(passwordBits("")).toBe(0);
  expect(passwordBits("aaaa")).toBeCloseTo(4 * Math.log2(26));
  expect(passwordBits("aA1!")).toBeCloseTo(4 * Math.log2(95));
  expect(decidePassword("long enough to do", "", RegistrationPolicy.parse({ passwordStrength: 60 }))).toBeNull();
});
