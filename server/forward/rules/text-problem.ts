import { type Remark, remarkText } from "../../../lib/contracts/remarks.ts";

/** What is wrong with a text that people write, and where: lines and columns count from 1. */
export interface TextProblem extends Remark {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export function textProblem(said: Remark, line = 1, column = 1): TextProblem {
  return { ...said, message: remarkText(said), line, column };
}
