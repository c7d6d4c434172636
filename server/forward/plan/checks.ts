import type { ForwardTarget, WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { Policy } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import type { Issues } from "../../core/policy/issues.ts";
import { remarkOnUrl } from "../http/guard.ts";
import { checkApns } from "../push/apns/check.ts";
import { checkFcm } from "../push/fcm/check.ts";
import { checkWebPush } from "../push/webpush/check.ts";
import { compileExpression } from "../rules/expression.ts";
import { lintForward, reservedHeader } from "../rules/lint.ts";
import { type CheckedTarget, type TargetProblem, targetProblem } from "../target-problem.ts";
import { requiredSecret, secretMask, targetSecrets } from "../target-secrets.ts";
import { checkTemplate } from "../templates/check.ts";

/** What is wrong with a target's settings and what is in its key file, without asking anybody. Masks are not looked into. */
export function checkTarget(target: ForwardTarget): CheckedTarget {
  const { problems, facts } = checkKind(target);
  const masked = new Set(
    targetSecrets("", target).flatMap(({ field, value }) => (value === secretMask ? [field] : [])),
  );
  return { problems: problems.filter(({ field }) => !masked.has(field)), facts: masked.size > 0 ? [] : facts };
}

/** The problems alone: a target that has any is not saved. */
export function problemsOf(target: ForwardTarget): readonly TargetProblem[] {
  return checkTarget(target).problems;
}

function checkKind(target: ForwardTarget): CheckedTarget {
  switch (target.kind) {
    case "webhook":
      return { problems: webhookProblems(target), facts: [] };
    case "apns":
      return checkApns(target);
    case "fcm":
      return checkFcm(target);
    case "webpush":
      return checkWebPush(target);
    default:
      return { problems: [], facts: [] };
  }
}

function webhookProblems(target: WebhookTarget): TargetProblem[] {
  const problems: TargetProblem[] = [];
  const refusal = remarkOnUrl(target.url, target.allowPrivate);
  if (refusal !== null) problems.push(targetProblem("url", refusal));
  for (const header of Object.keys(target.headers)) {
    if (!reservedHeader.test(header)) continue;
    problems.push(targetProblem(`headers.${header}`, remark("header-of-server")));
  }
  const template = target.preset === "template" ? checkTemplate(target) : null;
  if (template !== null) problems.push(targetProblem("template", template, template.line, template.column));
  return problems;
}

/** What is wrong with the targets and rules of a policy document: with names, settings, expressions and templates. */
export function checkForward(document: Policy, issues: Issues): void {
  lintForward(document, issues);
  const { targets, rules } = document.forward;
  for (const [name, target] of Object.entries(targets)) {
    for (const problem of problemsOf(target)) {
      const { field, line, column } = problem;
      // Headers are the linter's; keys are not in the document, and looked at when they are typed.
      if (field.startsWith("headers.") || field === requiredSecret(target)) continue;
      const place = line === null || column === null ? null : { line, column };
      issues.badValue(documentPath("forward", "targets", name, ...field.split(".")), problem, place);
    }
  }
  for (const [index, { expression }] of rules.entries()) {
    if (expression.trim() === "") continue;
    const compiled = compileExpression(expression);
    if (!("problem" in compiled)) continue;
    issues.badValue(documentPath("forward", "rules", index, "expression"), compiled.problem, compiled.problem);
  }
}
