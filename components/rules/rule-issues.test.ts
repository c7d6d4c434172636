import { expect, test } from "vitest";
import type { PolicyIssue } from "../../lib/contracts/policy.ts";
import { expressionProblems, issuesOfRule } from "./rule-issues.ts";

const issue = (path: string, message = "wrong"): PolicyIssue => ({
  severity: "error",
  code: "bad-value",
  path,
  message,
  suggestion: null,
});

test("an issue belongs to its own rule, and not to the eleventh", () => {
  const issues = [issue("forward.rules[1].targets[0]"), issue("forward.rules[11].name"), issue("forward.targets.app")];
  expect(issuesOfRule(issues, 1)).toEqual([issues[0]]);
});

test.each([
  ["Line 2, column 7: unexpected token", { line: 2, column: 7 }, { message: "unexpected token", line: 2, column: 7 }],
  ["It is too long.", {}, { message: "It is too long.", line: null, column: null }],
])("%s", (message, place, problem) => {
  expect(expressionProblems([{ ...issue("forward.rules[0].expression", message), ...place }])).toMatchObject([problem]);
});
