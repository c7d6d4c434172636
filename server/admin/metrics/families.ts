import type { Core } from "../../core/core.ts";
import type { LogRecord } from "../../core/log.ts";
import type { MetricFamily, MetricSample } from "../../core/metrics.ts";
import type { AdminOptions } from "../parts.ts";

type Parts = Pick<AdminOptions, "core" | "forward" | "loader" | "certificates">;

const one = (value: number): MetricSample[] => [{ labels: {}, value }];

/** What Nightpost tells Prometheus of itself. No label has a value that users make up. */
export function serverFamilies({ core, forward, loader, certificates }: Parts): MetricFamily[] {
  const { metrics, sessions, stores, policy, disk } = core;
  const kindOf = (target: string): string => policy.document.forward.targets[target]?.kind ?? "removed";
  return [
    {
      name: "nightpost_streams_opened_total",
      help: "Streams that clients and components opened.",
      type: "counter",
      read: () => one(metrics.streamsOpened),
    },
    {
      name: "nightpost_sessions",
      help: "Bound resources, by host.",
      type: "gauge",
      read: () => [...core.hosts.all()].map(({ name }) => ({ labels: { host: name }, value: sessions.onHost(name) })),
    },
    {
      name: "nightpost_logins_total",
      help: "Logins of clients, by mechanism and how they ended.",
      type: "counter",
      read: () => [
        ...[...metrics.loginsDone.entries()].map(([mechanism, value]) => login(mechanism, "ok", value)),
        ...[...metrics.loginsFailed.entries()].map(([mechanism, value]) => login(mechanism, "failed", value)),
      ],
    },
    {
      name: "nightpost_stanzas_received_total",
      help: "Stanzas from clients, components and other servers.",
      type: "counter",
      read: () => [
        { labels: { kind: "message" }, value: metrics.messagesIn },
        { labels: { kind: "presence" }, value: metrics.presencesIn },
        { labels: { kind: "iq" }, value: metrics.iqsIn },
      ],
    },
    {
      name: "nightpost_accounts",
      help: "Accounts, by host.",
      type: "gauge",
      read: () =>
        Promise.all(
          Object.keys(policy.document.hosts).map(async (host) => ({
            labels: { host },
            value: await stores.accounts.count(host),
          })),
        ),
    },
    {
      name: "nightpost_offline_messages",
      help: "Messages that wait for their recipient.",
      type: "gauge",
      read: async () => one((await stores.offline.totals()).messages),
    },
    {
      name: "nightpost_offline_oldest_age_seconds",
      help: "How long the oldest of them has been waiting; 0: none waits.",
      type: "gauge",
      read: async () => {
        const { oldestAt } = await stores.offline.totals();
        return one(oldestAt === null ? 0 : Math.max(0, core.clock.now() - oldestAt) / 1000);
      },
    },
    {
      name: "nightpost_forward_attempts_total",
      help: "Attempts of forwards and pushes, by target and outcome.",
      type: "counter",
      read: async () => {
        const health = await forward.health();
        return [...health].flatMap(([target, { attempts }]) =>
          [...attempts].map(([outcome, value]) => ({ labels: { target, kind: kindOf(target), outcome }, value })),
        );
      },
    },
    {
      name: "nightpost_forward_backlog",
      help: "Forwards that wait for an attempt, by target.",
      type: "gauge",
      read: () => perTarget(core, kindOf, ({ backlog }) => backlog),
    },
    {
      name: "nightpost_forward_overdue_seconds",
      help: "For how long the one that is due longest could have been attempted, by target; 0: none is due.",
      type: "gauge",
      read: () =>
        perTarget(core, kindOf, ({ oldestDueAt }) =>
          oldestDueAt === null ? 0 : Math.max(0, core.clock.now() - oldestDueAt) / 1000,
        ),
    },
    {
      name: "nightpost_forward_dead",
      help: "Forwards that were given up and can be replayed, by target.",
      type: "gauge",
      read: () => perTarget(core, kindOf, ({ dead }) => dead),
    },
    {
      name: "nightpost_forward_in_flight",
      help: "Attempts that are under way, by target.",
      type: "gauge",
      read: async () =>
        [...(await forward.health())].map(([target, { inFlight }]) => ({
          labels: { target, kind: kindOf(target) },
          value: inFlight,
        })),
    },
    {
      name: "nightpost_store_commits_total",
      help: "Transactions of the store.",
      type: "counter",
      read: async () => one((await stores.series.commits(false)).count),
    },
    {
      name: "nightpost_store_commit_seconds_total",
      help: "Time that was spent in synced commits.",
      type: "counter",
      read: async () => one((await stores.series.commits(false)).totalMs / 1000),
    },
    {
      name: "nightpost_store_bytes",
      help: "Size of the store on disk.",
      type: "gauge",
      read: async () => one(await stores.size()),
    },
    {
      name: "nightpost_disk_free_bytes",
      help: "Room on the disk of the store.",
      type: "gauge",
      read: () => (Number.isFinite(disk.freeBytes) ? one(disk.freeBytes) : []),
    },
    {
      name: "nightpost_certificate_expiry_timestamp_seconds",
      help: "When the certificate of a host ends, since the epoch.",
      type: "gauge",
      read: () =>
        Object.keys(policy.document.hosts).flatMap((host) => {
          const facts = certificates.describe(host);
          return facts === null ? [] : [{ labels: { host }, value: facts.notAfter / 1000 }];
        }),
    },
    {
      name: "nightpost_modules_failed",
      help: "Modules that could not be started, by module.",
      type: "gauge",
      read: () =>
        loader.definitions().map(({ name }) => ({
          labels: { module: name },
          value: loader.states(name).filter(({ error }) => error !== null).length,
        })),
    },
    logRecords(core),
  ];
}

function login(mechanism: string, outcome: "ok" | "failed", value: number): MetricSample {
  return { labels: { mechanism, outcome }, value };
}

async function perTarget(
  { stores, clock }: Core,
  kindOf: (target: string) => string,
  figure: (stats: { readonly backlog: number; readonly oldestDueAt: number | null; readonly dead: number }) => number,
): Promise<MetricSample[]> {
  const stats = await stores.outbox.stats(clock.now());
  return stats.map((each) => ({ labels: { target: each.target, kind: kindOf(each.target) }, value: figure(each) }));
}

// Faults of hook handlers, modules and connections are log records: their rate says that something is wrong, and where.
function logRecords({ log }: Core): MetricFamily {
  const counts = new Map<LogRecord["level"], number>();
  log.tap(({ level }) => counts.set(level, (counts.get(level) ?? 0) + 1));
  return {
    name: "nightpost_log_records_total",
    help: "Records written to the log, by level.",
    type: "counter",
    read: () => [...counts].map(([level, value]) => ({ labels: { level }, value })),
  };
}
