import { expect, test } from "vitest";
import { Policy } from "../../lib/contracts/policy.ts";
import { fromText, toText } from "./policy-text.ts";

const policy = Policy.parse({
  hosts: {
    "example.org": { acl: { trusted: { inherit: "append", any: [{ ip: "10.0.0.0/8" }] } } },
    "example.net": {},
  },
  acl: { admin: [{ user: "anna@example.org" }], local: [{ user_regexp: "" }] },
  accessRules: { c2s: [{ deny: [{ acl: "blocked" }] }, { allow: ["all"] }] },
  shapers: {},
  shaperRules: {},
  registration: {},
  modules: {},
  forward: { targets: {}, rules: [] },
  tests: [{ name: "anna logs in", rule: "c2s", jid: "anna@example.org", ip: "192.0.2.7", expected: "allow" }],
});

test("what is written out reads back as the same policy", () => {
  expect(fromText(toText(policy), policy)).toEqual({ policy });
});

test.each([
  ["a syntax error names its line", "acl:\n  admin: [\n", { line: 3 }],
  ["a wrong shape names its path", "acl:\n  admin: anna\n", { path: "acl.admin" }],
  ["an unknown section is refused", "shapers: {}\n", { path: "" }],
  [
    "a host that is not served is refused",
    "hosts:\n  nowhere.example: { acl: {} }\n",
    { path: "hosts.nowhere.example" },
  ],
])("%s", (_name, text, expected) => {
  const result = fromText(text, policy);
  expect("error" in result && result.error).toMatchObject(expected);
});

test("an empty text is an empty policy part", () => {
  const result = fromText("", policy);
  expect("policy" in result && result.policy.acl).toEqual({});
});
