import { z } from "zod";
import { endpoint, Timestamp } from "./endpoint.ts";
import { jobKinds } from "./words.ts";

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

const OwnJob = Job.omit({ by: true, failures: true }).extend({ kind: z.enum(jobKinds).describe("what it works on") });
export type OwnJob = z.infer<typeof OwnJob>;

export const jobs = {
  mine: endpoint("GET", "/jobs", { permission: "self" }, "Work on many things that one has begun, newest first").output(
    z.object({ items: z.array(OwnJob) }),
  ),
};
