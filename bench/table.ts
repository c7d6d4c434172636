import { availableParallelism, cpus, release, totalmem } from "node:os";
import type { Figures } from "./workload.ts";

/** A measured line with whose it is. */
export interface Measured extends Figures {
  readonly subject: string;
}

/** One Markdown table of medians, a line for each thing measured and each subject, in the order they came. */
export function tableOf(all: readonly Measured[]): string {
  const groups = Map.groupBy(all, ({ what, subject }) => `${what}\n${subject}`);
  const hasInstructions = all.some(({ cost }) => cost !== null && cost.instructions !== null);
  const head = ["", "server", "CPU µs each", "a second, of one core", "a second, seen", "p50 / p99 / p99.9 ms", "KB"];
  if (hasInstructions) head.push("instructions");
  const byWhat = Map.groupBy(groups.values(), ([first]) => first!.what);
  const lines = Array.from(byWhat.values())
    .flat()
    .map((runs) => line(runs, hasInstructions));
  return [head, head.map((_, index) => (index < 2 ? "---" : "---:")), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function line(runs: readonly Measured[], hasInstructions: boolean): string[] {
  const { what, subject } = runs[0]!;
  const of = (read: (one: Measured) => number | null | undefined): number | null =>
    median(runs.flatMap((one) => read(one) ?? []));
  const cpuUs = of(({ cost }) => cost?.cpuUs);
  const isGeneratorBound = (of(({ cost }) => cost?.generatorShare) ?? 0) > 0.9;
  const latency = [of((one) => one.latencyMs?.p50), of((one) => one.latencyMs?.p99), of((one) => one.latencyMs?.p999)];
  const bytes = of((one) => one.bytes);
  const cells = [
    what,
    subject,
    text(cpuUs, 1),
    text(cpuUs === null ? null : 1e6 / cpuUs, 0),
    `${text(
      of(({ cost }) => cost?.perSecond),
      0,
    )}${isGeneratorBound ? " *" : ""}`,
    latency[0] === null ? "" : latency.map((value) => text(value ?? null, 2)).join(" / "),
    text(bytes === null ? null : bytes / 1024, 1),
  ];
  if (hasInstructions)
    cells.push(
      text(
        of(({ cost }) => cost?.instructions),
        0,
      ),
    );
  return cells;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const text = (value: number | null, digits: number): string =>
  value === null ? "" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** What the figures were measured on. */
export function machine(): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? "?"}, ${availableParallelism()} cores, ${gibibytes} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}
