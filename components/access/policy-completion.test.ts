import { expect, test } from "vitest";
import { policyCompletions } from "./policy-completion.ts";

const names = { acls: ["admin", "blocked"], rules: ["c2s", "configure"], hosts: ["example.org"] };

test.each([
  ["an ACL that a condition names", "      - acl: bl", { typed: 2, words: ["admin", "blocked"] }],
  ["one in braces", "  - allow: [{ acl: ", { typed: 0, words: ["admin", "blocked"] }],
  ["one in quotes", '  - acl: "ad', { typed: 2, words: ["admin", "blocked"] }],
  ["the rule of a test", "  - rule: con", { typed: 3, words: ["c2s", "configure"] }],
  ["a host", "    server: ex", { typed: 2, words: ["example.org"] }],
  ["how a host adds to what it has from above", "      inherit: ", { typed: 0, words: ["append", "replace"] }],
  ["the answer of a test", "    expected: al", { typed: 2, words: ["allow", "deny"] }],
])("%s is completed", (_, before, completions) => {
  expect(policyCompletions(before, names)).toEqual(completions);
});

test("an item begins with a kind of condition, an action, or a word", () => {
  const words = policyCompletions("  - us", names)?.words ?? [];
  expect(words).toEqual(expect.arrayContaining(["user: ", "user_glob: ", "ip: ", "acl: ", "allow: ", "deny: ", "all"]));
  expect(policyCompletions("  - allow: [al", names)?.words).toEqual(words);
});

test.each(["# acl: ad", "  - acl: admin # acl: ", "accessRules", "  user: an"])("nothing stands after %j", (before) => {
  expect(policyCompletions(before, names)).toBeNull();
});
