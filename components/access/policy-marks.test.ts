import { expect, test } from "vitest";
import type { PolicyIssue } from "../../lib/contracts/policy.ts";
import { policyMarks } from "./policy-marks.ts";

const text = `acl:
  admin:
    - user: anna@example.org
  unused: # nobody
    - all
accessRules:
  configure:
    - allow:
        - acl: admins
hosts:
  bix.org:
    acl:
      admin:
        inherit: append
        any:
          - ip: 999.0.0.0/8
`;

const issue = (path: string, severity: PolicyIssue["severity"] = "error"): PolicyIssue => ({
  severity,
  code: "unknown-name",
  path,
  message: "",
  suggestion: null,
});
const marked = (issues: PolicyIssue[]) =>
  policyMarks(text, null, issues, ({ path }) => path).map(({ from, to, severity }) => [severity, text.slice(from, to)]);

test.each([
  ["a value in one word", "accessRules.configure[0].allow[0].acl", "admins"],
  ["a list by its key", "acl.unused", "unused"],
  ["a line by what it says", "accessRules.configure[0]", "allow:"],
  ["an entry of a host", 'hosts["bix.org"].acl.admin.any[0].ip', "999.0.0.0/8"],
  ["what is not in the text by what is above it", "acl.admin[0].user.more", "anna@example.org"],
])("%s is marked", (_, path, part) => {
  expect(marked([issue(path)])).toEqual([["error", part]]);
});

test("a warning stays one, and what the text says nothing about is marked nowhere", () => {
  expect(marked([issue("acl.unused", "warning"), issue("forward.rules[0]")])).toEqual([["warning", "unused"]]);
});

test("while a text cannot be read, only that is marked", () => {
  const broken = "acl:\n  admin: [all\nx: 1\n";
  const [mark] = policyMarks(broken, { line: 3, message: "" }, [issue("acl.admin")], () => "");
  expect(mark).toMatchObject({ severity: "error" });
  expect(mark!.to).toBeLessThanOrEqual(broken.length);
  expect(mark!.message).not.toBe("");
});

test("a value that is not of the grammar is marked where it stands", () => {
  const wrong = "acl:\n  admin:\n    - usr: anna\n";
  const [mark] = policyMarks(wrong, { path: "acl.admin.0", message: "Invalid input" }, [], () => "");
  expect(wrong.slice(mark!.from, mark!.to)).toBe("usr: anna");
});
