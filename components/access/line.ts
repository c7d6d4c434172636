import type { AccessLine, Condition } from "../../lib/contracts/policy.ts";

/** A line of an access rule taken apart. */
interface LineParts {
  action: "allow" | "deny";
  all: Condition[];
}

export const split = (line: AccessLine): LineParts =>
  "allow" in line ? { action: "allow", all: line.allow } : { action: "deny", all: line.deny };

export const join = ({ action, all }: LineParts): AccessLine => (action === "allow" ? { allow: all } : { deny: all });

/** The lines with one of them in another place. */
export function moved<T>(lines: readonly T[], from: number, to: number): T[] {
  return lines.toSpliced(from, 1).toSpliced(to, 0, ...lines.slice(from, from + 1));
}
