import type { AttentionItem } from "../../lib/contracts/server.ts";
import type { TargetState } from "../forward/service.ts";
import type { Outbox } from "../storage/ports.ts";
import type { Concern } from "./concern.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import { upkeepOf } from "./upkeep.ts";

type TargetStats = Awaited<ReturnType<Outbox["stats"]>>[number];

const dayMs = 24 * 60 * 60 * 1_000;
/** Days before a certificate ends from which it is told, and how urgently. */
const expiry = [
  { days: 3, severity: "error" },
  { days: 14, severity: "warning" },
  { days: 30, severity: "info" },
] as const;
/** A breaker that opens for a moment is nothing to get up for. */
export const failingAfterMs = 60_000;

const stalledMs = 60_000;
/** Of how many subjects the same is said one by one: thousands of hosts have self-signed certificates. */
const mostAlike = 5;

/** All that an operator should look at. */
export async function concernsNow(admin: Admin): Promise<Concern[]> {
  const now = admin.core.clock.now();
  const [targets, health] = await Promise.all([admin.core.stores.outbox.stats(now), admin.forward.health()]);
  return concernsOf(admin, targets, health, now);
}

/** {@link concernsNow} for whoever has asked after the targets already. */
export async function concernsOf(
  admin: Admin,
  targets: readonly TargetStats[],
  health: ReadonlyMap<string, TargetState>,
  now: number,
): Promise<Concern[]> {
  return [
    ...(await upkeepOf(admin, now)),
    ...(await ofReports(admin)),
    ...(await ofApplications(admin)),
    ...ofDisk(admin),
    ...ofListeners(admin),
    ...ofModules(admin),
    ...ofTargets(admin, targets, health, now),
    ...ofHosts(admin, now),
  ];
}

/** Worst first, and of what is alike only the first ones; the last of these says how many more there are. */
export function shortened(found: readonly Concern[]): AttentionItem[] {
  const order = ["error", "warning", "info"];
  return Map.groupBy(found, ({ code, severity }) => `${code} ${severity}`)
    .values()
    .flatMap((alike) => {
      const left = Math.max(0, alike.length - mostAlike);
      return alike.slice(0, mostAlike).map((one, index) => ({ ...one, more: index === mostAlike - 1 ? left : 0 }));
    })
    .toArray()
    .toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}

function ofDisk({ core: { disk } }: Admin): Concern[] {
  if (!disk.isLow) return [];
  const mebibytes = `${Math.round(disk.freeBytes / 1024 / 1024)} MiB`;
  const code = disk.isFull ? "disk-full" : "disk-low";
  return [{ code, severity: disk.isFull ? "error" : "warning", subject: "", since: null, value: mebibytes }];
}

async function ofReports({ core: { stores } }: Admin): Promise<Concern[]> {
  const { count, oldestAt } = await stores.reports.open(undefined);
  if (oldestAt === null) return [];
  const since = timestamp(oldestAt);
  return [{ code: "reports-open", severity: "warning", subject: "", since, value: String(count) }];
}

async function ofApplications({ core: { stores } }: Admin): Promise<Concern[]> {
  const { count, oldestAt } = await stores.applications.waiting();
  if (oldestAt === null) return [];
  const since = timestamp(oldestAt);
  return [{ code: "applications-waiting", severity: "warning", subject: "", since, value: String(count) }];
}

function ofListeners(admin: Admin): Concern[] {
  return admin
    .listeners()
    .flatMap(({ name, error }) =>
      error === null ? [] : [{ code: "listener-down", severity: "error", subject: name, since: null, value: error }],
    );
}

function ofModules({ loader }: Admin): Concern[] {
  return loader.failures().map(({ host, module, error }) => {
    const subject = `${module} on ${host}`;
    return { code: "module-failed", severity: "error", subject, since: null, value: error };
  });
}

function ofTargets(
  { core }: Admin,
  stats: readonly TargetStats[],
  health: ReadonlyMap<string, TargetState>,
  now: number,
): Concern[] {
  const found: Concern[] = [];
  const { targets } = core.policy.document.forward;
  // Of app servers only clients know whether there are any.
  if (Object.values(targets).every(({ kind }) => kind === "xep0357"))
    found.push({ code: "no-target", severity: "info", subject: "", since: null, value: "" });
  for (const [name, target] of Object.entries(targets)) {
    const figures = stats.find((one) => one.target === name);
    const trouble = troubleOf(health.get(name), target.paused, now);
    if (trouble !== null) found.push({ ...trouble, subject: name });
    if (target.paused && trouble?.code !== "target-gone") {
      const value = String(figures?.backlog ?? 0);
      found.push({ code: "target-paused", severity: "warning", subject: name, since: null, value });
    }
    const isFree = trouble === null && !target.paused && target.ratePerSecond === null;
    if (isFree && isStalled(health.get(name), figures, now)) {
      const since = timestamp(figures!.oldestDueAt!);
      found.push({ code: "target-stalled", severity: "error", subject: name, since, value: String(figures!.backlog) });
    }
    const pruning = health.get(name)?.pruning ?? null;
    if (pruning !== null) {
      const [since, value] = [timestamp(pruning.since), String(pruning.devices)];
      found.push({ code: "target-pruning", severity: "warning", subject: name, since, value });
    }
  }
  for (const { target, dead, overflow24h } of stats) {
    if (dead > 0)
      found.push({ code: "dead-letters", severity: "warning", subject: target, since: null, value: String(dead) });
    if (overflow24h > 0) {
      const value = String(overflow24h);
      found.push({ code: "target-overflow", severity: "error", subject: target, since: null, value });
    }
  }
  return found;
}

/** Something could have been attempted for long, nothing keeps it back, and nothing is under way: a fault of the server. */
function isStalled(state: TargetState | undefined, figures: TargetStats | undefined, now: number): boolean {
  if (state?.breaker !== "closed" || state.inFlight > 0) return false;
  const dueAt = figures?.oldestDueAt ?? null;
  return dueAt !== null && now - dueAt > stalledMs;
}

/** The worst of what keeps a target from taking anything. */
function troubleOf(state: TargetState | undefined, isPaused: boolean, now: number): Omit<Concern, "subject"> | null {
  if (state === undefined) return null;
  const { fault, goneSince, blocked, failingSince, failingReason } = state;
  const severity = "error";
  if (goneSince !== null) return { code: "target-gone", severity, since: timestamp(goneSince), value: "" };
  if (isPaused) return null;
  if (fault !== null)
    return { code: "target-misconfigured", severity, since: timestamp(fault.since), value: fault.detail };
  if (blocked !== null)
    return { code: "target-blocked", severity, since: timestamp(blocked.since), value: blocked.detail };
  if (failingSince === null || now - failingSince < failingAfterMs) return null;
  return { code: "target-failing", severity, since: timestamp(failingSince), value: failingReason };
}

function ofHosts({ core, certificates }: Admin, now: number): Concern[] {
  const found: Concern[] = [];
  const { document } = core.policy;
  for (const [host, settings] of Object.entries(document.hosts)) {
    const certificate = certificates.describe(host);
    if (certificate?.isSelfSigned === true)
      found.push({ code: "self-signed", severity: "info", subject: host, since: null, value: certificate.subject });
    else if (certificate !== null) {
      const alarm = expiry.find(({ days }) => certificate.notAfter - now < days * dayMs);
      const value = timestamp(certificate.notAfter);
      if (alarm !== undefined)
        found.push({ code: "certificate-expiring", severity: alarm.severity, subject: host, since: null, value });
    }
    const { mode, networks } = settings.registration ?? document.registration;
    if (mode === "open" && networks.length === 0)
      found.push({ code: "open-registration", severity: "warning", subject: host, since: null, value: "" });
  }
  return found;
}
