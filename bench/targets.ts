import { medianOf, type Measured } from "./measured.ts";

// What the project has set itself, each beside what the same run has measured. "The best" is the cheapest of the other servers.

/** Names of those that are no server of somebody else's. */
export const own = "Nightpost";
export const least = "bare Node relay";

export type Target =
  /** CPU, at most this share of what the best one needs. */
  | { readonly kind: "cpu"; readonly ofBest: number }
  /** p99 and p99.9, at most this many times those of the relay. */
  | { readonly kind: "latency"; readonly ofRelay: number }
  /** Kilobytes, at most. */
  | { readonly kind: "memory"; readonly kilobytes: number };

const cpu = (ofBest: number): Target => ({ kind: "cpu", ofBest });

/** By what is measured. A line that is not here has no target. */
export const targets: ReadonlyMap<string, Target> = new Map([
  ["login, SCRAM-SHA-1", cpu(0.45)],
  ["login, PLAIN", cpu(0.5)],
  ["login, SCRAM-SHA-1 after STARTTLS", cpu(0.9)],
  ["login, SCRAM-SHA-1 over direct TLS", cpu(0.9)],
  ["chat, 500 sessions, window 1", cpu(0.3)],
  ["chat, window 10", cpu(0.3)],
  ["chat over TLS, 200 sessions, window 1", cpu(0.45)],
  ["chat over TLS, window 10", cpu(0.45)],
  ["chat, 500 a second", { kind: "latency", ofRelay: 1.5 }],
  ["chat, 1000 a second", { kind: "latency", ofRelay: 1.5 }],
  ["offline message, stored", cpu(0.35)],
  ["offline message, delivered", cpu(0.35)],
  ["stored and forwarded, a burst", cpu(0.35)],
  ["message in a room of 100, each delivery", cpu(0.2)],
  ["presence to 500 contacts, each", cpu(0.2)],
  ["idle session", { kind: "memory", kilobytes: 12 }],
  ["idle session over direct TLS", { kind: "memory", kilobytes: 53 }],
]);

/** How far a target was reached: smaller is better, and 1 or less is met. */
export interface Verdict {
  readonly target: string;
  /** The same kind of figure as the target; null: there was nothing to compare with. */
  readonly reached: string | null;
  readonly isMet: boolean;
}

/** null: it has no target. */
export function verdictOf(what: string, all: readonly Measured[]): Verdict | null {
  const target = targets.get(what);
  if (target === undefined) return null;
  const of = (subject: string, read: (one: Measured) => number | null | undefined): number | null =>
    medianOf(all, what, subject, read);
  if (target.kind === "cpu") {
    const ratio = toBest(what, all);
    return judged(`${target.ofBest} of the best`, ratio, target.ofBest, ratio?.toFixed(2));
  }
  if (target.kind === "memory") {
    const bytes = of(own, (one) => one.bytes);
    const kilobytes = bytes === null ? null : bytes / 1024;
    return judged(`${target.kilobytes} KB`, kilobytes, target.kilobytes, kilobytes?.toFixed(1));
  }
  const times = (["p99", "p999"] as const).map((name) => {
    const [ours, theirs] = [of(own, (one) => one.latencyMs?.[name]), of(least, (one) => one.latencyMs?.[name])];
    return ours === null || theirs === null ? null : ours / theirs;
  });
  const worst = times.includes(null) ? null : Math.max(...times.map(Number));
  const text = times.map((one) => one?.toFixed(1)).join(" and ");
  return judged(`p99, p99.9 within ${target.ofRelay} of the relay's`, worst, target.ofRelay, text);
}

/** Our CPU as a share of that of the cheapest other server; null: none was measured. */
export function toBest(what: string, all: readonly Measured[]): number | null {
  const cost = (subject: string): number | null => medianOf(all, what, subject, (one) => one.cost?.cpuUs);
  const others = new Set(all.map(({ subject }) => subject).filter((name) => name !== own && name !== least));
  const theirs = [...others].flatMap((name) => cost(name) ?? []);
  const ours = cost(own);
  return ours === null || theirs.length === 0 ? null : ours / Math.min(...theirs);
}

function judged(target: string, value: number | null, most: number, reached: string | undefined): Verdict {
  return value === null
    ? { target, reached: null, isMet: false }
    : { target, reached: reached ?? "", isMet: value <= most };
}
