import { z } from "zod";
import { Timestamp } from "./endpoint.ts";

/** Work on many things, a step at a time. It lives in the server's process: begun again, it does what was left. */
export const Job = z.object({
  id: z.string(),
  by: z.string(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  state: z.enum(["running", "done", "stopped", "failed"]),
  matching: z.int().describe("how much there was to do when it began"),
  done: z.int(),
  failed: z.int().describe("how many were left as they are"),
  failures: z
    .array(
      z.object({
        item: z.string(),
        code: z.string().describe("code of the problem, as a call about this item alone would have it"),
        reason: z.string(),
      }),
    )
    .describe("the first 200 of these, and why"),
});
export type Job = z.infer<typeof Job>;
