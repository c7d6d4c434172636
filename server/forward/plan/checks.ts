import type { z } from "zod";
import type { TargetCheck } from "../../../lib/contracts/simulation.ts";
import type { ForwardTarget, WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import type { Policy } from "../../../lib/contracts/policy.ts";
import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { Issues } from "../../core/policy/issues.ts";
import { refusalOfUrl } from "../http/guard.ts";
import { checkApns } from "../push/apns/check.ts";
import { checkFcm } from "../push/fcm/check.ts";
import { checkWebPush } from "../push/webpush/check.ts";
import { compileExpression, type TextProblem } from "../rules/expression.ts";
import { lintForward, reservedHeader } from "../rules/lint.ts";
import { requiredSecret, secretMask, targetSecrets } from "../target-secrets.ts";
import { checkTemplate } from "../templates/check.ts";

type Check = z.infer<typeof TargetCheck>;
type Problem = Check["problems"][number];

/** What is wrong with a target's settings and what is in its key file, without asking anybody. Masks are not looked into. */
export function checkTarget(target: ForwardTarget): Check {
  const { problems, facts } = checkKind(target);
  const masked = new Set(
    targetSecrets("", target).flatMap(({ field, value }) => (value === secretMask ? [field] : [])),
  );
  return { problems: problems.filter(({ field }) => !masked.has(field)), facts: masked.size > 0 ? [] : facts };
}

/** The problems alone: a target that has any is not saved. */
export function problemsOf(target: ForwardTarget): readonly Problem[] {
  return checkTarget(target).problems;
}

function checkKind(target: ForwardTarget): Check {
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

function webhookProblems(target: WebhookTarget): Problem[] {
  const problems: Problem[] = [];
  const refusal = refusalOfUrl(target.url, target.allowPrivate);
  if (refusal !== null) problems.push({ field: "url", message: refusal, line: null, column: null });
  for (const header of Object.keys(target.headers)) {
    if (!reservedHeader.test(header)) continue;
    problems.push({ field: `headers.${header}`, message: "it is set by the server", line: null, column: null });
  }
  const template = target.preset === "template" ? checkTemplate(target) : null;
  if (template !== null) problems.push({ field: "template", ...template });
  return problems;
}

/** What is wrong with the targets and rules of a policy document: with names, settings, expressions and templates. */
export function checkForward(document: Policy, issues: Issues): void {
  lintForward(document, issues);
  const { targets, rules } = document.forward;
  for (const [name, target] of Object.entries(targets)) {
    for (const { field, message, line, column } of problemsOf(target)) {
      // Headers are the linter's; keys are not in the document, and looked at when they are typed.
      if (field.startsWith("headers.") || field === requiredSecret(target)) continue;
      const said = line === null || column === null ? message : placed({ message, line, column });
      issues.error("bad-value", documentPath("forward", "targets", name, ...field.split(".")), said);
    }
  }
  for (const [index, { expression }] of rules.entries()) {
    if (expression.trim() === "") continue;
    const compiled = compileExpression(expression);
    if ("problem" in compiled)
      issues.error("bad-value", documentPath("forward", "rules", index, "expression"), placed(compiled.problem));
  }
}

function placed({ message, line, column }: TextProblem): string {
  return `Line ${line}, column ${column}: ${message}`;
}
