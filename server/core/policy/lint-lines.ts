import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { AccessLine, Condition } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { Network } from "../network.ts";
import { type Coverage, isEverybody } from "./coverage.ts";
import type { Issues } from "./issues.ts";

type Path = readonly (string | number)[];
type Conditions = readonly Condition[];

const isNobody = (condition: Condition): boolean =>
  condition === "none" || (typeof condition === "object" && "acl" in condition && condition.acl === "none");

/**
 * Lines that can never decide. `key` is where the conditions of a line stand in it. `inheritedLines` come first and are not
 * reported on.
 */
export function lintLines(
  lines: readonly { readonly key: string; readonly conditions: Conditions }[],
  path: Path,
  coverage: Coverage,
  issues: Issues,
  inheritedLines: readonly Conditions[] = [],
): void {
  const all = [...inheritedLines, ...lines.map((line) => line.conditions)];
  for (const [index, { key, conditions }] of lines.entries()) {
    const place = documentPath(...path, index);
    if (conditions.some(isNobody)) {
      issues.warn("shadowed-line", place, remark("line-for-nobody"));
      continue;
    }
    if (conditions.length > 1) {
      for (const [at, condition] of conditions.entries()) {
        if (!isEverybody(condition)) continue;
        issues.warn("always-true", documentPath(...path, index, key, at), remark("condition-for-everybody"));
      }
    }
    const before = all.slice(0, inheritedLines.length + index);
    const shadow = before.findIndex((earlier) => !earlier.some(isNobody) && coverage.line(earlier, conditions));
    if (shadow < 0) continue;
    const isInherited = shadow < inheritedLines.length;
    const said = isInherited
      ? remark("line-never-reached-inherited", { line: shadow + 1 })
      : remark("line-never-reached", { line: shadow - inheritedLines.length + 1 });
    issues.warn("shadowed-line", place, said);
  }
}

/** Conditions of an ACL that change nothing, because another one of them matches all that they do. */
export function lintAcl(any: Conditions, path: Path, coverage: Coverage, issues: Issues): void {
  const everybody = any.findIndex(isEverybody);
  if (everybody >= 0) {
    if (any.length === 1) return;
    issues.warn("always-true", documentPath(...path, everybody), remark("acl-for-everybody"));
    return;
  }
  for (const [index, condition] of any.entries()) {
    const wider = any.findIndex((other, at) => {
      if (at === index || !coverage.condition(other, condition)) return false;
      // Of two that say the same, the first one stays.
      return at < index || !coverage.condition(condition, other);
    });
    if (wider < 0) continue;
    issues.warn("shadowed-line", documentPath(...path, index), remark("condition-covered", { condition: wider + 1 }));
  }
}

const everyIpv4 = ["0.0.0.0/1", "128.0.0.0/1"].map((block) => Network.parse(block)!);
const everyIpv6 = ["::/1", "8000::/1"].map((block) => Network.parse(block)!);
const haveAll = (networks: readonly Network[], halves: readonly Network[]): boolean =>
  halves.every((half) => networks.some((network) => network.contains(half)));

/** Denying all of IPv4 means everybody to whoever wrote it, and stops nobody who comes over IPv6 to a later line that allows. */
export function lintFamilies(lines: readonly AccessLine[], path: Path, coverage: Coverage, issues: Issues): void {
  const denied: Network[] = [];
  for (const [index, line] of lines.entries()) {
    if ("allow" in line || line.deny.length > 1) continue;
    denied.push(...coverage.blocks(line.deny[0]!));
    if (!haveAll(denied, everyIpv4)) continue;
    const later = lines.slice(index + 1);
    const rest = later.flatMap((one) => ("deny" in one && one.deny.length === 1 ? coverage.blocks(one.deny[0]!) : []));
    if (haveAll([...denied, ...rest], everyIpv6) || !later.some((one) => "allow" in one)) return;
    const place = documentPath(...path, index);
    issues.warn("ipv4-only-deny", place, remark("ipv6-still-matches"), "ip 0.0.0.0/0,::/0");
    return;
  }
}
