import { z } from "zod";
import { PolicyChange } from "@/lib/contracts/policy.ts";

const Detail = z.object({
  changes: z.array(PolicyChange).optional(),
  moreChanges: z.number().optional(),
  /** The revision that a change of the policy began from. */
  base: z.number().optional(),
  reason: z.string().optional(),
});

export interface EntryDetail extends z.infer<typeof Detail> {
  /** Everything else that was recorded. */
  rest: Record<string, unknown>;
}

/** What an entry's detail tells, apart from the input as it came. */
export function entryDetail(detail: unknown): EntryDetail {
  const parsed = Detail.safeParse(detail);
  if (!parsed.success || typeof detail !== "object" || detail === null) return { rest: {} };
  const known = new Set(Object.keys(Detail.shape));
  const rest = Object.fromEntries(
    Object.entries(detail).filter(([name, value]) => !known.has(name) && !isEmpty(value)),
  );
  return { ...parsed.data, rest };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
}
