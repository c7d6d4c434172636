import type { PolicyIssue } from "../../lib/contracts/policy.ts";
import type { CodeProblem } from "../kit/code-area.tsx";

/** What the server found about the rule at this place of the list. */
export const issuesOfRule = (issues: readonly PolicyIssue[], index: number): PolicyIssue[] =>
  issues.filter(({ path }) => path.startsWith(`forward.rules[${index}]`) || path.startsWith(`forward.rules.${index}.`));

/** Those about the expression, with the place that their text names. */
export function expressionProblems(issues: readonly PolicyIssue[]): CodeProblem[] {
  return issues
    .filter(({ path }) => path.endsWith("expression"))
    .map(({ message }) => {
      const [place, line, column] = /^line (\d+), column (\d+): /i.exec(message) ?? [];
      return {
        message: message.slice(place?.length ?? 0),
        line: line === undefined ? null : Number(line),
        column: column === undefined ? null : Number(column),
      };
    });
}
