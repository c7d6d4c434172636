import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Outgoing, Transport } from "../server/forward/transport.ts";
import { demand, percentiles } from "./workload.ts";

/** What pushes cost the process that sends them. */
export interface PushFigures {
  readonly cpuUs: number;
  /** A second, seen. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

export const pushTableHead =
  "CPU µs each | a second, of one core | a second, seen | p50 / p99 ms |\n| --- | ---: | ---: | ---: | ---: |";

export function pushRow(name: string, { cpuUs, rate, p50, p99 }: PushFigures): string {
  const figures = [cpuUs.toFixed(0), (1e6 / cpuUs).toFixed(0), rate.toFixed(0)];
  return `| ${[name, ...figures, `${p50.toFixed(1)} / ${p99.toFixed(1)}`].join(" | ")} |`;
}

/**
 * Runs `script providers` in a process of its own: the mocks there tell about themselves on their first line, and what they
 * complain of on the next, once their input ends.
 */
export async function startProviders<Facts>(script: string): Promise<{ facts: Facts; end: () => Promise<void> }> {
  const child = spawn(process.execPath, [fileURLToPath(script), "providers"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const facts = JSON.parse((await lines.next()).value as string) as Facts;
  return {
    facts,
    async end() {
      child.stdin.end();
      const complaints = (await lines.next()).value as string;
      demand(complaints === "[]", `the providers complain: ${complaints}`);
    },
  };
}

/** The first second is for warming up. Closes the transport. */
export async function measurePushes(
  transport: Transport,
  next: () => Outgoing,
  { seconds, concurrency }: { readonly seconds: number; readonly concurrency: number },
): Promise<PushFigures> {
  await push(transport, next, concurrency, 1_000);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const latencies = await push(transport, next, concurrency, seconds * 1_000);
  const { user, system } = process.cpuUsage(cpu);
  const took = (performance.now() - startedAt) / 1_000;
  transport.close(true);
  const { p50, p99 } = percentiles(latencies);
  return { cpuUs: (user + system) / latencies.length, rate: latencies.length / took, p50, p99 };
}

async function push(transport: Transport, next: () => Outgoing, concurrency: number, ms: number): Promise<number[]> {
  const until = performance.now() + ms;
  const latencies: number[] = [];
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      const { record } = await transport.attempt(next(), 1);
      demand(record.outcome === "delivered", `${record.outcome}: ${record.error ?? ""}`);
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return latencies;
}
