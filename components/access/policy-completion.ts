import { conditionKinds } from "./condition.ts";

/** What a policy names: what a text of it can be completed with. */
export interface PolicyNames {
  acls: readonly string[];
  rules: readonly string[];
  hosts: readonly string[];
}

interface Completions {
  /** Characters before the cursor that the chosen one replaces. */
  typed: number;
  words: readonly string[];
}

const keys = [...conditionKinds.filter((kind) => kind !== "all" && kind !== "none").map((kind) => `${kind}: `)];
const begun = [...keys, "allow: ", "deny: ", "all", "none"];
const places: readonly [RegExp, (names: PolicyNames) => readonly string[]][] = [
  [/\bacl:\s+["']?([\w.-]*)$/, (names) => names.acls],
  [/\brule:\s+["']?([\w.-]*)$/, (names) => names.rules],
  [/\b(?:server|host):\s+["']?([\w.-]*)$/, (names) => names.hosts],
  [/\binherit:\s+(\w*)$/, () => ["append", "replace"]],
  [/\bexpected:\s+(\w*)$/, () => ["allow", "deny"]],
  [/(?:-\s+|[[{,]\s*)(\w*)$/, () => begun],
];

/** What can stand at the end of this beginning of a line; null: nothing that the policy knows. */
export function policyCompletions(before: string, names: PolicyNames): Completions | null {
  // A comment is nobody's grammar.
  if (/(?:^|\s)#/.test(before)) return null;
  for (const [place, words] of places) {
    const typed = place.exec(before)?.[1];
    if (typed !== undefined) return { typed: typed.length, words: words(names) };
  }
  return null;
}
