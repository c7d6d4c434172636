import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import type { FeedRow } from "../ports.ts";
import { accountsOn } from "./accounts.ts";
import { adminOn } from "./admin.ts";
import { connectionOn } from "./connection.ts";
import { breaksTheStore, storeError } from "./failure.ts";
import { METHODS, type MethodEntry, type SyncPorts } from "./methods.ts";
import { offlineOn } from "./offline.ts";
import { outboxOn } from "./outbox.ts";
import { outboxTallyOn } from "./outbox-tally.ts";
import { personalOn } from "./personal.ts";
import { policiesOn } from "./policies.ts";
import { registrationsOn } from "./registrations.ts";
import { rostersOn } from "./rosters.ts";

/** Calls of one transaction at most: what came later waits for the next, so that no commit grows without bound. */
export const maxBatch = 256;

export interface Call {
  /** Place in METHODS. */
  readonly method: number;
  readonly args: readonly unknown[];
}
export type Outcome = { readonly value: unknown } | { readonly error: StoreError };
export interface BatchResult {
  /** One for each call, in order. */
  readonly outcomes: readonly Outcome[];
  /** What the batch added to the feeds, in order. */
  readonly feed: readonly FeedRow[];
  /** After this the store must not be used any more. */
  readonly broken: StoreError | null;
}

/** Runs batches of calls on an open database: everything that changes something in one transaction, committed before it answers. */
export interface Engine {
  run(calls: readonly Call[]): BatchResult;
}

type Method = (...args: readonly unknown[]) => unknown;

export function engineOn(db: DatabaseSync, now: () => number): Engine {
  const connection = connectionOn(db, now);
  const { news } = connection;
  const ports: SyncPorts = {
    accounts: accountsOn(connection),
    rosters: rostersOn(connection),
    offline: offlineOn(connection),
    outbox: outboxOn(connection),
    policies: policiesOn(connection),
    personal: personalOn(connection),
    registrations: registrationsOn(connection),
    admin: adminOn(connection),
  };
  const methods = METHODS.map((entry) => ({ entry, invoke: methodOf(ports, entry) }));
  const tally = outboxTallyOn(connection);
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  const savepoint = db.prepare("SAVEPOINT unit");
  const release = db.prepare("RELEASE unit");
  const rollbackUnit = db.prepare("ROLLBACK TO unit");

  const runUnit = (invoke: Method, args: readonly unknown[]): unknown => {
    savepoint.run();
    const feedRows = news.feed.length;
    const moves = news.moves.length;
    try {
      return invoke(...args);
    } catch (error) {
      // Some failures (a full disk) have ended the transaction, and with it the savepoint.
      if (db.isTransaction) rollbackUnit.run();
      news.feed.length = feedRows;
      news.moves.length = moves;
      throw error;
    } finally {
      if (db.isTransaction) release.run();
    }
  };

  const runCall = ({ method, args }: Call): unknown => {
    const entry = methods[method];
    if (entry === undefined) throw new StoreError("internal", `no store method has the number ${method}`);
    if (entry.entry.route === "unit") return runUnit(entry.invoke, args);
    if (entry.entry.route !== "write") tally.flush();
    return entry.invoke(...args);
  };

  const outcomeOf = (call: Call): Outcome => {
    try {
      return { value: runCall(call) };
    } catch (cause) {
      const error = storeError(cause);
      if (breaksTheStore(error)) throw error;
      return { error };
    }
  };

  return {
    run: (calls) => {
      const isWriting = calls.some(({ method }) => isWrite(METHODS[method]));
      try {
        if (isWriting) begin.run();
        const outcomes = calls.map(outcomeOf);
        if (isWriting) {
          tally.flush();
          commit.run();
        }
        return { outcomes, feed: news.feed.splice(0), broken: null };
      } catch (cause) {
        const error = storeError(cause);
        if (db.isTransaction) rollback.run();
        news.feed.length = 0;
        news.moves.length = 0;
        return { outcomes: calls.map(() => ({ error })), feed: [], broken: breaksTheStore(error) ? error : null };
      }
    },
  };
}

function isWrite(entry: MethodEntry | undefined): boolean {
  return entry?.route === "write" || entry?.route === "unit";
}

function methodOf(ports: SyncPorts, { port, method }: MethodEntry): Method {
  const found: unknown = Reflect.get(ports[port], method);
  if (typeof found !== "function") throw new StoreError("internal", `the store has no ${port}.${method}`);
  return found as Method;
}
