import { z } from "zod";
import { Timestamp } from "./endpoint.ts";

/** How the last day went for a target, in buckets of time, the oldest first. */
export const TargetDay = z.object({
  from: Timestamp,
  bucketMs: z.int(),
  bandsMs: z.array(z.int()).describe("what the columns of `latency` are less than; the last column is the rest"),
  latency: z
    .array(z.array(z.int()))
    .describe("deliveries of a bucket by how long they took, of its newest thousand, by when they were made"),
  outcomes: z
    .array(z.object({ delivered: z.int(), retrying: z.int(), held: z.int(), dead: z.int(), queued: z.int() }))
    .describe("events of a bucket by how they stand now, by when they were created"),
});
export type TargetDay = z.infer<typeof TargetDay>;
