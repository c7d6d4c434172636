import { hostsFor } from "../../lib/contracts/may.ts";
import type { AuditEntry, Overview } from "../../lib/contracts/server.ts";
import type { Outbox } from "../storage/ports.ts";
import { concernsOf, shortened } from "./attention.ts";
import { auditEntry } from "./audit.ts";
import type { Call } from "./call.ts";
import { openSteps } from "./first-steps.ts";
import { hostSummaries } from "./host-summary.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

type TargetStats = Awaited<ReturnType<Outbox["stats"]>>[number];

/** How many of the newest changes it tells. */
const recent = 6;
/** And of how many hosts. */
const mostHosts = 20;

/** Everything on the overview in one answer; its reads run side by side. */
export async function overview(admin: Admin, call: Call): Promise<Overview> {
  const { core, history } = admin;
  const { stores, policy, sessions, clock, metrics } = core;
  const now = clock.now();
  const [users, offline, targets, health, storageBytes, perHost, changes] = await Promise.all([
    stores.accounts.count(),
    stores.offline.totals(),
    stores.outbox.stats(now),
    admin.forward.health(),
    stores.size(),
    hostSummaries(admin, busiestHosts(admin, hostsFor(call.caller.grants, "hosts:read"))),
    call.may("audit:read") ? newestChanges(admin) : null,
  ]);
  return {
    version: core.version,
    startedAt: timestamp(metrics.startedAt),
    now: timestamp(now),
    hosts: Object.keys(policy.document.hosts).length,
    users,
    online: sessions.size,
    messagesPerSecond: history.messagesPerSecond,
    offlineMessages: offline.messages,
    offlineOldestAt: timestampOrNull(offline.oldestAt),
    forward: {
      backlog: sum(targets, (target) => target.backlog),
      delivered24h: sum(targets, (target) => target.delivered24h),
      failed24h: sum(targets, (target) => target.failed24h),
      dead: sum(targets, (target) => target.dead),
      p95Ms: slowest(targets),
    },
    history: history.samples(),
    listeners: [...admin.listeners()],
    perHost,
    changes,
    attention: shortened(await concernsOf(admin, targets, health, now)),
    openSteps: await openSteps(admin, call, {
      users,
      now,
      hasForwarded: targets.some(({ lastDeliveredAt }) => lastDeliveredAt !== null),
    }),
    memoryBytes: process.memoryUsage.rss(),
    storageBytes,
  };
}

/** `seen`: only of these; null: of all. */
function busiestHosts({ core: { policy, sessions } }: Admin, seen: readonly string[] | null): string[] {
  return (seen ?? Object.keys(policy.document.hosts))
    .toSorted((one, other) => sessions.onHost(other) - sessions.onHost(one) || (one < other ? -1 : 1))
    .slice(0, mostHosts);
}

async function newestChanges({ core }: Admin): Promise<AuditEntry[]> {
  const { items } = await core.stores.admin.auditList({}, { limit: recent });
  return items.map(auditEntry);
}

function sum(targets: readonly TargetStats[], figure: (target: TargetStats) => number): number {
  return targets.reduce((total, target) => total + figure(target), 0);
}

// Percentiles of targets cannot be joined; the slowest one is what somebody should look at.
function slowest(targets: readonly TargetStats[]): number | null {
  const known = targets.flatMap((target) => target.p95Ms ?? []);
  return known.length === 0 ? null : Math.max(...known);
}
