import type { Concern } from "./concern.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const backupDays = 7;
/** A server that is later than this for a whole minute is felt by its users. */
const lateMs = 100;
const ticksOfMinute = 12;
const recentOrders = 20;

/** What running a server asks for now and then: backups, orders that failed, a main thread that is late. */
export async function upkeepOf(admin: Admin, now: number): Promise<Concern[]> {
  const found = await Promise.all([ofBackups(admin, now), ofOrders(admin)]);
  return [...found.flat(), ...ofLoop(admin)];
}

async function ofBackups({ backups }: Admin, now: number): Promise<Concern[]> {
  if (backups === null) return [];
  const { failure } = backups.schedule;
  const [newest] = await backups.backups.list();
  const found: Concern[] = [];
  if (failure !== null) {
    const since = timestamp(failure.at);
    found.push({ code: "backup-failed", severity: "error", subject: "", since, value: failure.reason });
  } else if (newest?.check?.ok === false) {
    const since = timestamp(newest.check.at);
    found.push({
      code: "backup-failed",
      severity: "error",
      subject: newest.manifest.id,
      since,
      value: newest.check.reason,
    });
  }
  // A new server has nothing to lose yet.
  const last = newest?.manifest.createdAt ?? backups.bornAt;
  if (now - last > backupDays * dayMs)
    found.push({ code: "backup-overdue", severity: "warning", subject: "", since: timestamp(last), value: "" });
  return found;
}

async function ofOrders({ orders, core }: Admin): Promise<Concern[]> {
  const { acme } = core.policy.document.operations;
  if (!acme.agreed || acme.hosts.length === 0) return [];
  const rows = await orders.list(recentOrders);
  return acme.hosts.flatMap((host): Concern[] => {
    const newest = rows.find(({ names }) => names[0] === host);
    const failed = newest?.state === "failed" ? newest.steps.findLast(({ step }) => step === "failed") : undefined;
    if (failed === undefined) return [];
    const since = timestamp(failed.at);
    return [{ code: "order-failed", severity: "warning", subject: host, since, value: failed.detail }];
  });
}

function ofLoop({ history }: Admin): Concern[] {
  const late = history.latest("loop-p99", ticksOfMinute);
  if (late.length < ticksOfMinute || late.some((ms) => ms < lateMs)) return [];
  const value = `${Math.round(Math.max(...late))} ms`;
  return [{ code: "loop-lag", severity: "warning", subject: "", since: null, value }];
}
