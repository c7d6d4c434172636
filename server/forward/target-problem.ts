import type { z } from "zod";
import { type Remark, remarkText } from "../../lib/contracts/remarks.ts";
import type { TargetCheck } from "../../lib/contracts/simulation.ts";

/** What is wrong with one setting of a target; of a text, where: lines and columns count from 1. */
export interface TargetProblem extends Remark {
  readonly field: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** What can be said of a target without asking anybody. */
export interface CheckedTarget {
  readonly problems: TargetProblem[];
  readonly facts: z.infer<typeof TargetCheck>["facts"];
}

export function targetProblem(
  field: string,
  { reason, values }: Remark,
  line: number | null = null,
  column: number | null = null,
): TargetProblem {
  return { field, message: remarkText({ reason, values }), line, column, reason, values };
}
