import { documentPath } from "../../../lib/contracts/policy-path.ts";
import { formatCondition } from "../../../lib/contracts/policy-text.ts";
import type { Condition } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { compileCondition, ConditionError, type Scope } from "./condition.ts";
import type { Issues } from "./issues.ts";

type Path = readonly (string | number)[];

/** The regular expressions of a condition. Part of one that names a server stands before the @. */
function regexpsOf(condition: Condition): readonly string[] {
  if (typeof condition === "string") return [];
  if ("user_regexp" in condition) return [condition.user_regexp.split("@")[0]!];
  if ("server_regexp" in condition) return [condition.server_regexp];
  if ("resource_regexp" in condition) return [condition.resource_regexp];
  return "node_regexp" in condition ? [condition.node_regexp.user, condition.node_regexp.server] : [];
}

function anchored(expression: string): string {
  const inner = expression.includes("|") ? `(?:${expression})` : expression;
  return `${inner.startsWith("^") ? "" : "^"}${inner}${inner.endsWith("$") ? "" : "$"}`;
}

/** Looks at conditions one by one. `acls` are the names that can be used where they stand. */
export function lintConditions(
  conditions: readonly Condition[],
  path: Path,
  acls: ReadonlySet<string>,
  issues: Issues,
): void {
  const scope: Scope = { isHosted: () => true, acl: (name) => (acls.has(name) ? [] : undefined) };
  for (const [index, condition] of conditions.entries()) {
    const place = documentPath(...path, index, ...(typeof condition === "string" ? [] : Object.keys(condition)));
    try {
      compileCondition(condition, scope);
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      if (error.code === "unknown-name" && typeof condition === "object" && "acl" in condition)
        issues.unknown("ACL", condition.acl, place, [...acls, "all", "none"]);
      else
        issues.error(
          error.code,
          place,
          remark("condition-wrong", { condition: formatCondition(condition), reason: error.message }),
        );
      continue;
    }
    for (const expression of regexpsOf(condition)) {
      if (expression === "" || (expression.startsWith("^") && expression.endsWith("$"))) continue;
      const said = remark("pattern-unanchored", { pattern: expression });
      issues.warn("unanchored-regexp", place, said, anchored(expression));
    }
  }
}
