import { isDeepStrictEqual } from "node:util";
import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { PolicyIssue, PolicyTest, Verdict } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Subject } from "./condition.ts";
import { issueOf } from "./issues.ts";
import type { Compiled } from "./roles.ts";

/** A test kept with the policy and how it came out. */
export interface TestRun {
  readonly test: PolicyTest;
  readonly passed: boolean;
  readonly verdict: Verdict;
}

function subjectOf({ jid: text, ip, host }: PolicyTest): Subject {
  const jid = Jid.tryParse(text) ?? null;
  return { jid, ip: ip ?? null, host: host ?? jid?.domain ?? "" };
}

/** Asks a document the questions that are kept with it. */
export function runTests({ document, engine }: Compiled): TestRun[] {
  return document.tests.map((test) => {
    const verdict = engine.explain(test.rule, subjectOf(test));
    return { test, passed: verdict.allowed === (test.expected === "allow"), verdict };
  });
}

/** The tests that fail: errors, but for those that fail in the document in force already. */
export function testIssues(next: Compiled, inForce: Compiled): PolicyIssue[] {
  if (next.document.tests.length === 0) return [];
  const known = runTests(inForce).filter((run) => !run.passed);
  return runTests(next).flatMap(({ test, passed, verdict }, index): PolicyIssue[] => {
    if (passed) return [];
    const isKnown = known.some((run) => isDeepStrictEqual(run.test, test));
    const values = { name: test.name, jid: test.jid, detail: verdict.text };
    const said = remark(verdict.allowed ? "test-would-allow" : "test-would-deny", values);
    return [issueOf(isKnown ? "warning" : "error", "failed-test", documentPath("tests", index), said)];
  });
}
