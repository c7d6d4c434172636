import { expect, test } from "vitest";
import { Policy, type PolicyIssue } from "../../lib/contracts/policy.ts";
import { indexIn, issuesAt, issuesElsewhere, issuesOfEntry } from "./issue-place.ts";

const at = (path: string): PolicyIssue => ({
  severity: "warning",
  code: "shadowed-line",
  path,
  message: "",
  suggestion: null,
});
const issues = [
  "accessRules.c2s",
  "accessRules.c2s[1]",
  "accessRules.c2s[1].deny[0].acl",
  "accessRules.c2s[10]",
  "accessRules.c2s_more[1]",
  'accessRules["a.b"][0]',
  "acl.crowd[2].user_regexp",
  "acl.gone[0]",
  "registration.networks",
].map(at);
const paths = (found: PolicyIssue[]): string[] => found.map((issue) => issue.path);

test("a line shows what is about it and what is in it, and nothing of its neighbours", () => {
  expect(paths(issuesAt(issues, "accessRules", "c2s", 1))).toEqual([
    "accessRules.c2s[1]",
    "accessRules.c2s[1].deny[0].acl",
  ]);
  expect(paths(issuesAt(issues, "accessRules", "a.b", 0))).toEqual(['accessRules["a.b"][0]']);
  expect(paths(issuesOfEntry(issues, "accessRules", "c2s"))).toEqual(["accessRules.c2s"]);
  expect(indexIn(at("accessRules.c2s[10]"), "accessRules", "c2s")).toBe(10);
});

test("what no line shows is left for the list above", () => {
  const policy = Policy.parse({
    hosts: {},
    acl: { crowd: [] },
    accessRules: { c2s: [], c2s_more: [], "a.b": [] },
    shapers: {},
    shaperRules: {},
    registration: {},
    modules: {},
    forward: { targets: {}, rules: [] },
  });
  expect(paths(issuesElsewhere(issues, policy))).toEqual(["acl.gone[0]", "registration.networks"]);
});
