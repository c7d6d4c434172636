import { z } from "zod";
import { metricRanges } from "./charts.ts";
import { endpoint, Timestamp } from "./endpoint.ts";
import { told } from "./told.ts";

/** `series` and, for what is counted by target, `:` and its name. */
export const MetricValues = z.record(z.string(), z.number());

export const MetricBoard = z.object({
  /** Start of the first slot, milliseconds since the epoch. */
  from: z.int(),
  stepMs: z.int(),
  /** Slots, whether there was something to measure in them or not. */
  length: z.int(),
  series: z.array(
    z.object({
      name: z.string(),
      values: z.array(z.number().nullable()).describe("One for each slot; null: nothing was measured."),
    }),
  ),
  marks: z.array(
    z.object({
      at: Timestamp,
      kind: z.enum(["start", "policy"]),
      text: z.string().describe("`policy`: author and comment of the revision."),
      author: z.string().optional().describe("`policy`: who made the revision."),
      comment: z.string().optional(),
      ...told,
    }),
  ),
});
export type MetricBoard = z.infer<typeof MetricBoard>;

export const metrics = {
  board: endpoint(
    "GET",
    "/metrics",
    { permission: "server:read" },
    "Series of the charts: the last hour by 5 s, a month by 5 minutes and more",
  )
    .input(z.object({ range: z.enum(metricRanges).default("1h") }))
    .output(MetricBoard),
};
