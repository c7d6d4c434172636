import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { PolicyChange } from "../../../lib/contracts/policy.ts";
import { own } from "./engine.ts";

type Path = readonly (string | number)[];
type Edit = { readonly before: number | null; readonly after: number | null };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Key order does not matter in the document, and so not here. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** The items that stay, in order (longest common subsequence); everything between two of them was changed. */
function align(before: readonly string[], after: readonly string[]): Edit[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const isSame = before[i] === after[j];
      lengths[i]![j] = isSame ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const edits: Edit[] = [];
  const gone: number[] = [];
  const come: number[] = [];
  const flush = (): void => {
    // What was taken out and what was put in at the same place is one change.
    for (let index = 0; index < Math.max(gone.length, come.length); index += 1)
      edits.push({ before: gone[index] ?? null, after: come[index] ?? null });
    gone.length = 0;
    come.length = 0;
  };
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      flush();
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) gone.push(i++);
    else come.push(j++);
  }
  flush();
  return edits;
}

function walk(before: unknown, after: unknown, path: Path, changes: PolicyChange[]): void {
  if (canonical(before ?? null) === canonical(after ?? null)) return;
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of keys) walk(own(before, key), own(after, key), [...path, key], changes);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (const edit of align(before.map(canonical), after.map(canonical))) {
      changes.push({
        path: documentPath(...path, (edit.after ?? edit.before)!),
        before: edit.before === null ? null : before[edit.before],
        after: edit.after === null ? null : after[edit.after],
      });
    }
  } else {
    changes.push({ path: documentPath(...path), before: before ?? null, after: after ?? null });
  }
}

/**
 * What differs between two documents, by place. A list is compared by its items: one that was taken out is named by its old
 * index, one that was put in or changed by its new one.
 */
export function diff(before: unknown, after: unknown): PolicyChange[] {
  const changes: PolicyChange[] = [];
  walk(before, after, [], changes);
  return changes;
}
