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

/** The same charts for whoever draws them by Prometheus (PromQL). How long attempts take is measured here only. */
export const chartQueries: readonly (readonly [ChartId, string])[] = [
  ["traffic", "sum by (kind) (rate(nightpost_stanzas_received_total[5m]))"],
  ["sessions", "sum(nightpost_sessions)"],
  ["logins", "sum by (outcome) (rate(nightpost_logins_total[5m]))"],
  ["offline", "nightpost_offline_messages"],
  ["forwards", "sum by (outcome) (rate(nightpost_forward_attempts_total[5m]))"],
  ["backlog", "sum by (target) (nightpost_forward_backlog)"],
  ["loop", "nodejs_eventloop_lag_seconds"],
  ["cpu", "100 * rate(process_cpu_seconds_total[5m])"],
  ["memory", "process_resident_memory_bytes"],
  ["commits", "rate(nightpost_store_commits_total[5m])"],
  ["commit-time", "rate(nightpost_store_commit_seconds_total[5m]) / rate(nightpost_store_commits_total[5m])"],
  ["storage", "nightpost_store_bytes"],
];

export const metricRanges = ["1h", "6h", "24h", "7d", "30d"] as const;
export type MetricRange = (typeof metricRanges)[number];
