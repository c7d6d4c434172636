import { describe, expect, test } from "vitest";
import { Policy } from "../../lib/contracts/policy.ts";
import { fromText, toText, withText } from "./policy-text.ts";

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

const commented = `# who may do what
acl:
  # the one who pays
  admin: [ { user: anna@example.org } ] # since 2024

  local:
    - user_regexp: ""
accessRules:
  c2s:
    # after the flood of May
    - deny: [ { acl: blocked } ]
    # everybody else
    - allow: [ all ]
hosts:
  example.org:
    acl:
      trusted: { inherit: append, any: [ { ip: 10.0.0.0/8 } ] } # the office
    accessRules: {}
tests:
  - { name: anna logs in, rule: c2s, jid: anna@example.org, ip: 192.0.2.7, expected: allow }
`;

describe("comments", () => {
  const read = (text: string, of = policy): Policy => {
    const result = fromText(text, of);
    if ("error" in result) throw new Error(JSON.stringify(result.error));
    return result.policy;
  };

  test("a text comes back as it was written, to the byte", () => {
    const kept = read(commented);
    expect(kept.accessText).toBeDefined();
    expect(Policy.parse(kept)).toEqual(kept);
    expect(toText(kept)).toBe(commented);
    expect(withText(kept)).toEqual(kept);
  });

  test("a text without any is not kept", () => {
    expect(read(toText(policy)).accessText).toBeUndefined();
    expect(read(toText(policy), read(commented)).accessText).toBeUndefined();
  });

  test.each<[string, (draft: Policy) => void, string[], string[]]>([
    [
      "a line that was changed keeps its comment",
      (draft) => {
        draft.accessRules["c2s"] = [{ deny: [{ acl: "spammers" }] }, { allow: ["all"] }];
      },
      ["    # after the flood of May\n    - deny: [ { acl: spammers } ]\n    # everybody else\n    - allow: [ all ]"],
      [],
    ],
    [
      "lines that change places take theirs along",
      (draft) => {
        draft.accessRules["c2s"] = [{ allow: ["all"] }, { deny: [{ acl: "blocked" }] }];
      },
      ["    # everybody else\n    - allow: [ all ]\n    # after the flood of May\n    - deny: [ { acl: blocked } ]"],
      [],
    ],
    [
      "a line that is gone takes its own along",
      (draft) => {
        draft.accessRules["c2s"] = [{ allow: ["all"] }];
      },
      ["  c2s:\n    # everybody else\n    - allow: [ all ]"],
      ["the flood of May"],
    ],
    [
      "a new line has none",
      (draft) => {
        draft.accessRules["c2s"]!.splice(1, 0, { deny: [{ ip: "192.0.2.0/24" }] });
      },
      [
        "192.0.2.0/24",
        "    # everybody else\n    - allow: [ all ]",
        "    # after the flood of May\n    - deny: [ { acl: blocked } ]",
      ],
      [],
    ],
    [
      "another list changes nothing of them",
      (draft) => {
        draft.acl["admin"] = [{ user: "anna@example.org" }, { user: "bob@example.org" }];
        draft.acl["vip"] = [{ user: "carl@example.org" }];
      },
      [
        "# who may do what",
        "  # the one who pays\n  admin:",
        "bob@example.org",
        "# since 2024",
        "  vip:",
        "# the office",
      ],
      [],
    ],
    [
      "a host that is gone is gone from the text",
      (draft) => {
        draft.hosts = { "example.net": draft.hosts["example.net"]! };
      },
      ["# who may do what"],
      ["the office", "example.org:"],
    ],
  ])("%s", (_name, edit, there, gone) => {
    const draft = structuredClone(read(commented));
    edit(draft);
    const text = toText(draft);
    for (const part of there) expect(text).toContain(part);
    for (const part of gone) expect(text).not.toContain(part);
    const { accessText: _read, ...again } = read(text, draft);
    const { accessText: _draft, ...values } = draft;
    expect(again).toEqual(values);
    expect(withText(draft).accessText?.join("\n")).toBe(text);
  });

  test("a text that cannot be read gives way to the values", () => {
    expect(toText({ ...policy, accessText: ["acl: ["] })).toBe(toText(policy));
  });
});
