import type { PolicyIssue } from "../../lib/contracts/policy.ts";
import type { CodeProblem } from "../kit/code-area.tsx";
import { withoutPlace } from "../kit/issue-place.ts";

/** What the server found about the rule at this place of the list. */
export const issuesOfRule = (issues: readonly PolicyIssue[], index: number): PolicyIssue[] =>
  issues.filter(({ path }) => path.startsWith(`forward.rules[${index}]`) || path.startsWith(`forward.rules.${index}.`));

/** Those about the expression, with their places in it. */
export function expressionProblems(issues: readonly PolicyIssue[]): CodeProblem[] {
  return issues
    .filter(({ path }) => path.endsWith("expression"))
    .map((issue) => {
      const { message, reason, values, line = null, column = null } = withoutPlace(issue);
      return { message, reason, values, line, column };
    });
}
