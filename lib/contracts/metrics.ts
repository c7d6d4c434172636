import { z } from "zod";
import { endpoint, Timestamp } from "./endpoint.ts";

const units = ["per-second", "count", "bytes", "milliseconds", "percent"] as const;
export type MetricUnit = (typeof units)[number];

interface ChartDefinition {
  readonly id: string;
  readonly unit: MetricUnit;
  readonly series: readonly string[];
  /** There is a line for each forward target: series `NAME:TARGET`. */
  readonly byTarget?: true;
}

/** The board of charts, in the order in which it is read. */
export const charts = [
  { id: "traffic", unit: "per-second", series: ["messages", "presences", "iqs"] },
  { id: "sessions", unit: "count", series: ["sessions", "streams"] },
  { id: "logins", unit: "per-second", series: ["logins-done", "logins-failed"] },
  { id: "offline", unit: "count", series: ["offline-messages"] },
  { id: "forwards", unit: "per-second", series: ["forwards-delivered", "forwards-failed"] },
  { id: "backlog", unit: "count", series: ["backlog"], byTarget: true },
  { id: "latency", unit: "milliseconds", series: ["latency"], byTarget: true },
  { id: "loop", unit: "milliseconds", series: ["loop-p99", "loop-max"] },
  { id: "cpu", unit: "percent", series: ["cpu"] },
  { id: "memory", unit: "bytes", series: ["memory-resident", "memory-heap"] },
  { id: "commits", unit: "per-second", series: ["commits"] },
  { id: "commit-time", unit: "milliseconds", series: ["commit-mean", "commit-max"] },
  { id: "storage", unit: "bytes", series: ["store-bytes", "disk-free"] },
] as const satisfies readonly ChartDefinition[];
export type ChartId = (typeof charts)[number]["id"];
export type ChartSeries = (typeof charts)[number]["series"][number];

/** Series of which the worst moment counts, not the mean. */
export const peakSeries: readonly string[] = ["loop-max", "commit-max"] satisfies readonly ChartSeries[];

export const metricRanges = ["1h", "6h", "24h", "7d", "30d"] as const;
export type MetricRange = (typeof metricRanges)[number];

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
