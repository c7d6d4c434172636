import type { AccessLine, Condition } from "../../../lib/contracts/policy.ts";
import { formatCondition } from "../../../lib/contracts/policy-text.ts";
import { Network } from "../network.ts";
import { compileCondition, ConditionError, type Scope } from "./condition.ts";
import { documentPath } from "./document-path.ts";
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
      else issues.error(error.code, place, `${formatCondition(condition)}: ${error.message}.`);
      continue;
    }
    for (const expression of regexpsOf(condition)) {
      if (expression === "" || (expression.startsWith("^") && expression.endsWith("$"))) continue;
      const message = `${expression} matches anywhere in the text; use ^ and $ to match the whole of it.`;
      issues.warn("unanchored-regexp", place, message, anchored(expression));
    }
  }
}

/** A line's conditions as a set: `all` says nothing, order and repetition do not matter. */
function conditionSet(conditions: readonly Condition[]): Set<string> {
  return new Set(conditions.filter((condition) => condition !== "all").map(formatCondition));
}

/**
 * Lines that can never decide. `inheritedLines` come first and are not reported on.
 */
export function lintShadowing(
  lines: readonly (readonly Condition[])[],
  path: Path,
  issues: Issues,
  inheritedLines: readonly (readonly Condition[])[] = [],
): void {
  const sets = [...inheritedLines, ...lines].map(conditionSet);
  for (const index of lines.keys()) {
    const own = sets[inheritedLines.length + index]!;
    const place = documentPath(...path, index);
    if (own.has("none")) {
      issues.warn("shadowed-line", place, "The condition none never matches, so this line decides nothing.");
      continue;
    }
    const shadow = sets.findIndex((earlier, at) => at < inheritedLines.length + index && earlier.isSubsetOf(own));
    if (shadow < 0) continue;
    const where =
      shadow < inheritedLines.length ? `inherited line ${shadow}` : `line ${shadow - inheritedLines.length}`;
    issues.warn("shadowed-line", place, `Never reached: ${where} matches everything that this one does.`);
  }
}

function blocksOf(conditions: readonly Condition[]): string[] {
  return conditions.flatMap((condition) => (typeof condition === "object" && "ip" in condition ? condition.ip : []));
}

const isWhole = (block: string, text: "0.0.0.0/0" | "::/0"): boolean => Network.parse(block)?.text === text;

/** `deny ip 0.0.0.0/0` means everybody to whoever wrote it, and stops nobody who comes over IPv6. */
export function lintFamilies(lines: readonly AccessLine[], path: Path, issues: Issues): void {
  const denied = lines.map((line) => ("deny" in line ? blocksOf(line.deny) : []));
  if (denied.flat().some((block) => isWhole(block, "::/0"))) return;
  const index = denied.findIndex((blocks) => blocks.some((block) => isWhole(block, "0.0.0.0/0")));
  if (index < 0) return;
  const message = "0.0.0.0/0 is every IPv4 address; over IPv6 this line does not match.";
  issues.warn("ipv4-only-deny", documentPath(...path, index), message, "ip 0.0.0.0/0,::/0");
}
