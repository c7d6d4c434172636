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
