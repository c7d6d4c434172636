import { availableParallelism, cpus, release, totalmem } from "node:os";
import { type Measured, medianOf } from "./measured.ts";
import { least, own, toBest, type Verdict, verdictOf } from "./targets.ts";

/** All that was measured: medians, a line for each thing and each subject, in the order they came. */
export function tableOf(all: readonly Measured[]): string {
  const hasInstructions = all.some(({ cost }) => cost !== null && cost.instructions !== null);
  const head = ["", "server", "CPU µs each", "a second, of one core", "a second, seen", "p50 / p99 / p99.9 ms", "KB"];
  if (hasInstructions) head.push("instructions");
  head.push("target", "reached");
  const lines = namesOf(all, "what").flatMap((what) => {
    const here = all.filter((one) => one.what === what);
    return namesOf(here, "subject").map((subject) => line(what, subject, all, hasInstructions));
  });
  return markdown(head, lines);
}

/** What docs/performance.md holds: first what misses its target, then a line for each thing with a column for each server. */
export function summaryOf(all: readonly Measured[]): string {
  const subjects = namesOf(all, "subject").toSorted((a, b) => rank(a) - rank(b));
  const others = subjects.filter((subject) => subject !== own);
  const judged = namesOf(all, "what").map((what) => ({ what, verdict: verdictOf(what, all) }));
  const missed = judged.flatMap(({ what, verdict }) =>
    verdict === null || verdict.isMet ? [] : [[what, verdict.reached ?? wordOf(verdict), verdict.target]],
  );
  const rows = judged.map(({ what, verdict }) => [
    what,
    figure(what, own, all),
    ...others.map((subject) => figure(what, subject, all)),
    toBest(what, all)?.toFixed(2) ?? "-",
    verdict === null ? "-" : `${verdict.target}: ${wordOf(verdict)}`,
  ]);
  const misses = missed.length === 0 ? "Every target is met." : markdown(["missed", "reached", "target"], missed);
  return `${misses}\n\n${markdown(["", own, ...others, "to the best", "target"], rows)}`;
}

function line(what: string, subject: string, all: readonly Measured[], hasInstructions: boolean): string[] {
  const of = (read: (one: Measured) => number | null | undefined): number | null => medianOf(all, what, subject, read);
  const cpuUs = of(({ cost }) => cost?.cpuUs);
  const perSecond = text(
    of(({ cost }) => cost?.perSecond),
    0,
  );
  const instructions = text(
    of(({ cost }) => cost?.instructions),
    0,
  );
  const isGeneratorBound = (of(({ cost }) => cost?.generatorShare) ?? 0) > 0.9;
  const bytes = of((one) => one.bytes);
  const verdict = subject === own ? verdictOf(what, all) : null;
  return [
    what,
    subject,
    text(cpuUs, 1),
    text(cpuUs === null ? null : 1e6 / cpuUs, 0),
    `${perSecond}${isGeneratorBound ? " *" : ""}`,
    latencyText(what, subject, all),
    text(bytes === null ? null : bytes / 1024, 1),
    ...(hasInstructions ? [instructions] : []),
    verdict?.target ?? "",
    verdict === null ? "" : `${verdict.reached ?? "-"}, ${wordOf(verdict)}`,
  ];
}

/** The one figure that stands for a line: CPU, memory, or both CPU and latency where the rate was given. */
function figure(what: string, subject: string, all: readonly Measured[]): string {
  const bytes = medianOf(all, what, subject, (one) => one.bytes);
  if (bytes !== null) return `${(bytes / 1024).toFixed(1)} KB`;
  const cpuUs = medianOf(all, what, subject, ({ cost }) => cost?.cpuUs);
  if (cpuUs === null) return "-";
  const latency = what.endsWith("a second") ? latencyText(what, subject, all) : "";
  return `${text(cpuUs, cpuUs < 100 ? 1 : 0)}${latency === "" ? "" : ` (${latency} ms)`}`;
}

function wordOf({ reached, isMet }: Verdict): string {
  return reached === null ? "not compared" : isMet ? "met" : "**missed**";
}

function latencyText(what: string, subject: string, all: readonly Measured[]): string {
  const values = (["p50", "p99", "p999"] as const).map((name) =>
    medianOf(all, what, subject, (one) => one.latencyMs?.[name]),
  );
  return values[0] === null ? "" : values.map((value) => text(value ?? null, 2)).join(" / ");
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** In the order they came. */
function namesOf(all: readonly Measured[], key: "what" | "subject"): string[] {
  return [...new Set(all.map((one) => one[key]))];
}

function rank(subject: string): number {
  return subject === own ? 0 : subject === least ? 2 : 1;
}

const text = (value: number | null, digits: number): string =>
  value === null ? "" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** What the figures were measured on. */
export function machine(): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? "?"}, ${availableParallelism()} cores, ${gibibytes} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}
