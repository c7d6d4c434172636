import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseErlangTerm } from "./erlang-term.ts";
import { formatCondition, formatLine, parseCondition, parseLine, PolicyTextError } from "./policy-text.ts";
import type { Condition } from "./policy.ts";

const conditions: [string, Condition][] = [
  ["all", "all"],
  ["none", "none"],
  ["user harttle@bix.org", { user: "harttle@bix.org" }],
  ["server bix.org", { server: "bix.org" }],
  ['resource "my phone"', { resource: "my phone" }],
  ["ip 127.0.0.0/8", { ip: "127.0.0.0/8" }],
  ["ip 127.0.0.0/8,::1", { ip: ["127.0.0.0/8", "::1"] }],
  ['user_regexp ""', { user_regexp: "" }],
  ['user_regexp "and"', { user_regexp: "and" }],
  ["user_regexp ^a{1,2}$", { user_regexp: "^a{1,2}$" }],
  ["node_glob a* *.example.org", { node_glob: { user: "a*", server: "*.example.org" } }],
  ["acl admin", { acl: "admin" }],
];

describe("conditions in words", () => {
  test.each(conditions)("%s", (text, condition) => {
    expect(formatCondition(condition)).toBe(text);
    expect(parseCondition(text)).toEqual(condition);
  });

  test.each(["", "usr a@b", "user", "user a b", 'user "a', "node_glob a", "acl ../x", "all all", "__proto__ x"])(
    "%j is none",
    (text) => expect(() => parseCondition(text)).toThrow(PolicyTextError),
  );

  test("any value survives the way to words and back", () => {
    const value = fc.string({ unit: "binary", maxLength: 40 });
    const condition = fc.oneof(
      value.map((user_regexp): Condition => ({ user_regexp })),
      fc.record({ user: value, server: value }).map((node_glob): Condition => ({ node_glob })),
    );
    fc.assert(
      fc.property(condition, (one) => {
        expect(parseCondition(formatCondition(one))).toEqual(one);
      }),
    );
  });
});

describe("lines in words", () => {
  test.each([
    ["allow acl admin and ip 127.0.0.0/8", { allow: [{ acl: "admin" }, { ip: "127.0.0.0/8" }] }],
    ["deny all", { deny: ["all"] }],
    ['allow user_regexp "and" and all', { allow: [{ user_regexp: "and" }, "all"] }],
  ] as const)("%s", (text, line) => {
    expect(parseLine(text)).toEqual(line);
    expect(formatLine(parseLine(text))).toBe(text);
  });

  test.each(["", "permit all", "allow", "allow all and", "allow and all"])("%j is none", (text) =>
    expect(() => parseLine(text)).toThrow(PolicyTextError),
  );
});

describe("Erlang terms of an ejabberd.cfg", () => {
  test.each([
    [
      '{acl, admin, {user, "harttle", "bix.org"}}.',
      { kind: "acl", name: "admin", condition: { user: "harttle@bix.org" } },
    ],
    ['{acl, admin, {user, "harttle"}}', { kind: "acl", name: "admin", condition: { user: "harttle" } }],
    ['{acl, local, {user_regexp, ""}}.', { kind: "acl", name: "local", condition: { user_regexp: "" } }],
    [
      '{acl,x,{node_regexp,<<"^a">>,"b$"}}.',
      { kind: "acl", name: "x", condition: { node_regexp: { user: "^a", server: "b$" } } },
    ],
    ["{acl, 'any one', all}.", { kind: "acl", name: "any one", condition: "all" }],
    [
      "{access, configure, [{allow, admin}, {deny, all}]}.",
      { kind: "access", name: "configure", lines: [{ allow: [{ acl: "admin" }] }, { deny: ["all"] }] },
    ],
  ])("%s", (text, setting) => expect(parseErlangTerm(text)).toEqual(setting));

  test.each([
    "",
    "{acl, admin",
    "{acl, admin}.",
    "{acl, admin, {user, admin}}.",
    '{acl, a, {shared_group, "x"}}.',
    "{hosts, []}.",
    "{acl, a, all}. x",
    "[".repeat(100),
  ])("%j is none", (text) => expect(() => parseErlangTerm(text)).toThrow(PolicyTextError));
});
