import { readdir, readFile } from "node:fs/promises";
import type { MetricFamily, MetricSample } from "../../core/metrics.ts";
import { LoopLag } from "./loop-lag.ts";

const one = (value: number): MetricSample[] => [{ labels: {}, value }];

/** The process as Prometheus' own client libraries name it. */
export function processFamilies(version: string): { readonly families: MetricFamily[]; stop(): void } {
  const loop = new LoopLag();
  const families: MetricFamily[] = [
    {
      name: "nightpost_build_info",
      help: "The version that runs; always 1.",
      type: "gauge",
      read: () => [{ labels: { version, node: process.versions.node }, value: 1 }],
    },
    {
      name: "process_start_time_seconds",
      help: "When the process began, since the epoch.",
      type: "gauge",
      read: () => one(Math.round(performance.timeOrigin) / 1000),
    },
    {
      name: "process_cpu_seconds_total",
      help: "Processor time of all threads, of the user and the system.",
      type: "counter",
      read: () => {
        const { user, system } = process.cpuUsage();
        return one((user + system) / 1e6);
      },
    },
    {
      name: "process_resident_memory_bytes",
      help: "Memory that the process holds.",
      type: "gauge",
      read: () => one(process.memoryUsage.rss()),
    },
    {
      name: "nodejs_heap_used_bytes",
      help: "Memory in use in the heap of the main thread.",
      type: "gauge",
      read: () => one(process.memoryUsage().heapUsed),
    },
    {
      name: "nodejs_external_memory_bytes",
      help: "Memory outside of the heap that the main thread holds on to.",
      type: "gauge",
      read: () => one(process.memoryUsage().external),
    },
    {
      name: "nodejs_eventloop_lag_seconds",
      help: "How late the main thread is for what is due, since this was asked before.",
      type: "gauge",
      read: () => loopLag(loop),
    },
    {
      name: "process_open_fds",
      help: "Open files and connections; only on Linux.",
      type: "gauge",
      read: async () => one((await readdir("/proc/self/fd")).length),
    },
    {
      name: "process_max_fds",
      help: "How many files and connections may be open; only on Linux.",
      type: "gauge",
      read: async () => one(await openFilesLimit()),
    },
  ];
  return { families, stop: () => loop.stop() };
}

function loopLag(loop: LoopLag): MetricSample[] {
  const samples = [50, 90, 99].map((percentile) => ({
    labels: { quantile: String(percentile / 100) },
    value: loop.percentile(percentile) / 1000,
  }));
  samples.push({ labels: { quantile: "1" }, value: loop.longestMs / 1000 });
  loop.forget();
  return samples;
}

/** The soft limit of open files of this process; Infinity: there is none. Rejects where there is no /proc. */
export async function openFilesLimit(): Promise<number> {
  const limits = await readFile("/proc/self/limits", "utf8");
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? "unlimited";
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}
