import type { Stores } from "../ports.ts";
import { packed, type PackedUnit } from "./archive-copies.ts";
import { METHODS, ROUTES, type PortName } from "./methods.ts";
import { outcomeOf, type Outcome } from "./outbox-outcome.ts";

/** Carries out one call; rejects with a StoreError. */
export type Caller = (method: number, args: readonly unknown[]) => Promise<unknown>;

/** Work of one call that could grow without bound is done in steps of so many rows, with other calls in between. */
const rowsPerStep = 500;
/** Accounts of one step of an import. Names come in any order, and each step writes most pages of the indices once. */
const accountsPerStep = 2000;

/** The ports as callers see them: one plain closure for each method, made once. */
export function portsOver(call: Caller): Pick<Stores, PortName | "size"> {
  const admin = portOver("admin", call);
  const accounts = portOver("accounts", call);
  const outbox = portOver("outbox", call);
  const archive = portOver("archive", call);
  return {
    accounts: {
      ...accounts,
      createMany: async (rows, onConflict) => {
        const sum = { created: 0, updated: 0, skipped: 0 };
        for (let start = 0; start < rows.length; start += accountsPerStep) {
          const step = await accounts.createMany(rows.slice(start, start + accountsPerStep), onConflict);
          sum.created += step.created;
          sum.updated += step.updated;
          sum.skipped += step.skipped;
        }
        return sum;
      },
      removeHost: (host) => repeat(() => accounts.removeSome(host, rowsPerStep)),
    },
    outbox: {
      ...outbox,
      settle: (settlements, canWait = false) => outbox.settleWritten(settlements.map(outcomeOf), canWait),
      add: async (events) => {
        let sum = 0;
        for (let start = 0; start < events.length; start += rowsPerStep) {
          sum += await outbox.add(events.slice(start, start + rowsPerStep));
        }
        return sum;
      },
      endTarget: (target, as, now) => repeat(() => outbox.endSome(target, as, now, rowsPerStep)),
    },
    rosters: portOver("rosters", call),
    offline: portOver("offline", call),
    archive: { ...archive, keep: (units) => archive.keepPacked(units.map(packed)) },
    devices: portOver("devices", call),
    pushCredentials: portOver("pushCredentials", call),
    policies: portOver("policies", call),
    personal: portOver("personal", call),
    clients: portOver("clients", call),
    nodes: portOver("nodes", call),
    rooms: portOver("rooms", call),
    registrations: portOver("registrations", call),
    applications: portOver("applications", call),
    invites: portOver("invites", call),
    files: portOver("files", call),
    announcements: portOver("announcements", call),
    groups: portOver("groups", call),
    reports: portOver("reports", call),
    directory: portOver("directory", call),
    certificates: portOver("certificates", call),
    series: portOver("series", call),
    factors: portOver("factors", call),
    views: portOver("views", call),
    images: portOver("images", call),
    admin,
    size: () => admin.size(),
  };
}

async function repeat(step: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const done = await step();
    sum += done;
    if (done < rowsPerStep) return sum;
  }
}

/** What a port has beside its contract: what methods are made of that are unbounded, or do their part in this thread. */
interface Steps extends Record<PortName, object> {
  readonly accounts: { removeSome(host: string, limit: number): Promise<number> };
  readonly outbox: {
    settleWritten(outcomes: readonly Outcome[], canWait: boolean): Promise<number>;
    endSome(target: string, as: "cancelled" | "dead", now: number, limit: number): Promise<number>;
  };
  readonly archive: { keepPacked(units: readonly PackedUnit[]): Promise<void> };
  readonly admin: { size(): Promise<number> };
}
type AsyncPort<Port extends PortName> = Omit<Stores[Port], "keep" | "removeHost" | "settle" | "endTarget"> &
  Steps[Port];

function portOver<Port extends PortName>(port: Port, call: Caller): AsyncPort<Port> {
  const methods: Record<string, (...args: readonly unknown[]) => Promise<unknown>> = {};
  for (const method of Object.keys(ROUTES[port])) {
    const number = METHODS.findIndex((entry) => entry.port === port && entry.method === method);
    methods[method] = (...args) => call(number, args);
  }
  return methods as AsyncPort<Port>;
}
