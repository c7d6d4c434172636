import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import type { FeedRow } from "../ports.ts";
import { accountsOn } from "./accounts.ts";
import { adminOn } from "./admin.ts";
import { announcementsOn } from "./announcements.ts";
import { applicationsOn } from "./applications.ts";
import { archiveIndexOn } from "./archive-index.ts";
import { archiveOn } from "./archive.ts";
import { certificatesOn } from "./certificates.ts";
import { clientsOn } from "./clients.ts";
import type { Connection, News } from "./connection.ts";
import { ActiveDevices } from "./device-count.ts";
import { devicesOn } from "./devices.ts";
import { directoryOn } from "./directory.ts";
import { factorsOn } from "./factors.ts";
import { breaksTheStore, storeError } from "./failure.ts";
import { filesOn } from "./files.ts";
import { groupsOn } from "./groups.ts";
import { imagesOn } from "./images.ts";
import { invitesOn } from "./invites.ts";
import { mailboxesOn } from "./mailboxes.ts";
import { METHODS, type MethodEntry, type SyncPorts } from "./methods.ts";
import { nodesOn } from "./nodes.ts";
import { offlineOn } from "./offline.ts";
import { LaneHolds } from "./outbox-holds.ts";
import { claimOpenedOn, type ClaimedAtOnce } from "./outbox-offers.ts";
import { OutboxRoom } from "./outbox-room.ts";
import { outboxTallyOn } from "./outbox-tally.ts";
import { outboxOn } from "./outbox.ts";
import { personalOn } from "./personal.ts";
import { policiesOn } from "./policies.ts";
import { pushCredentialsOn } from "./push-credentials.ts";
import { registrationsOn } from "./registrations.ts";
import { reportsOn } from "./reports.ts";
import { roomsOn } from "./rooms.ts";
import { rostersOn } from "./rosters.ts";
import { CommitCount, seriesOn } from "./series.ts";
import { viewsOn } from "./views.ts";

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
  /** What the batch added to the feeds, in order, if they are followed. */
  readonly feed: readonly FeedRow[];
  /** Targets that may have more to do now. */
  readonly queued: readonly string[];
  /** Lanes that were claimed for whoever had offered to; `left` of `queued` may have more to do all the same. */
  readonly claimed: ClaimedAtOnce;
  /** After this the store must not be used any more. */
  readonly broken: StoreError | null;
}

/** Runs batches of calls on an open database: everything that changes something in one transaction, committed before it answers. */
export interface Engine {
  /** `isFollowed`: somebody wants to hear what comes to the feeds; `isClaiming`: of lanes that are claimed by an offer. */
  run(calls: readonly Call[], isFollowed: boolean, isClaiming?: boolean): BatchResult;
}

type Method = (...args: readonly unknown[]) => unknown;

const nothing: ClaimedAtOnce = { lanes: [], left: [] };

/** A unit failed where nothing can take back just its part. */
class UnitError extends Error {
  override readonly name = "UnitError";
}

function connectionOn(db: DatabaseSync, now: () => number): Connection {
  const news: News = { feed: [], isFollowed: false, queued: new Map(), opened: [], moves: [] };
  const room = new OutboxRoom(db, news.moves);
  const mailboxes = mailboxesOn(db, now);
  const activeDevices = new ActiveDevices(db);
  return {
    db,
    now,
    news,
    holds: new LaneHolds(),
    offers: new Map(),
    mailboxes,
    archiveIndex: archiveIndexOn(db),
    room,
    activeDevices,
    commits: new CommitCount(),
  };
}

export function engineOn(db: DatabaseSync, now: () => number): Engine {
  const connection = connectionOn(db, now);
  const { news, holds, mailboxes, archiveIndex, room, activeDevices, commits } = connection;
  const ports: SyncPorts = {
    accounts: accountsOn(connection),
    rosters: rostersOn(connection),
    offline: offlineOn(connection),
    archive: archiveOn(connection),
    outbox: outboxOn(connection),
    devices: devicesOn(connection),
    pushCredentials: pushCredentialsOn(connection),
    policies: policiesOn(connection),
    personal: personalOn(connection),
    clients: clientsOn(connection),
    nodes: nodesOn(connection),
    rooms: roomsOn(connection),
    registrations: registrationsOn(connection),
    applications: applicationsOn(connection),
    invites: invitesOn(connection),
    files: filesOn(connection),
    announcements: announcementsOn(connection),
    groups: groupsOn(connection),
    reports: reportsOn(connection),
    directory: directoryOn(connection),
    certificates: certificatesOn(connection),
    series: seriesOn(connection),
    factors: factorsOn(connection),
    views: viewsOn(connection),
    images: imagesOn(connection),
    admin: adminOn(connection),
  };
  const methods = METHODS.map((entry) => ({ entry, invoke: methodOf(ports, entry) }));
  const tally = outboxTallyOn(connection);
  const claimOpened = claimOpenedOn(connection);
  let isClaiming = false;
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  const savepoint = db.prepare("SAVEPOINT unit");
  const release = db.prepare("RELEASE unit");
  const rollbackUnit = db.prepare("ROLLBACK TO unit");

  const takeBackMemory = (mark: number): void => {
    holds.takeBack(mark);
    mailboxes.forget();
    archiveIndex.forget();
    room.forget();
    activeDevices.forget();
  };

  const runUnit = (invoke: Method, args: readonly unknown[]): unknown => {
    savepoint.run();
    const feedRows = news.feed.length;
    const moves = news.moves.length;
    const { mark } = holds;
    try {
      return invoke(...args);
    } catch (error) {
      // Some failures (a full disk) have ended the transaction, and with it the savepoint.
      if (db.isTransaction) rollbackUnit.run();
      news.feed.length = feedRows;
      news.moves.length = moves;
      takeBackMemory(mark);
      throw error;
    } finally {
      if (db.isTransaction) release.run();
    }
  };

  const runCall = ({ method, args }: Call, hasSavepoints: boolean): unknown => {
    const entry = methods[method];
    if (entry === undefined) throw new StoreError("internal", `no store method has the number ${method}`);
    const { route } = entry.entry;
    if (route === "unit" && hasSavepoints) return runUnit(entry.invoke, args);
    if (route === "indexed") archiveIndex.catchUp();
    else if (route === "read" || route === "report" || route === "informed") tally.flush();
    return entry.invoke(...args);
  };

  const outcomeOf = (call: Call, hasSavepoints: boolean): Outcome => {
    try {
      return { value: runCall(call, hasSavepoints) };
    } catch (cause) {
      const error = storeError(cause);
      if (breaksTheStore(error)) throw error;
      if (!hasSavepoints && METHODS[call.method]?.route === "unit") throw new UnitError();
      return { error };
    }
  };

  const takeBack = (): void => {
    if (db.isTransaction) rollback.run();
    news.feed.length = 0;
    news.moves.length = 0;
    news.queued.clear();
    news.opened.length = 0;
    takeBackMemory(0);
  };

  const transact = (calls: readonly Call[], hasSavepoints: boolean): BatchResult => {
    const isWriting = calls.some(({ method }) => isWrite(METHODS[method], archiveIndex.isBehind));
    if (isWriting) begin.run();
    const outcomes = calls.map((call) => outcomeOf(call, hasSavepoints));
    const queued = [...news.queued.keys()];
    const claimed = isClaiming ? claimOpened() : { lanes: [], left: queued };
    if (isWriting) {
      tally.flush();
      const begunAt = performance.now();
      commit.run();
      commits.committed(performance.now() - begunAt);
    }
    news.queued.clear();
    news.opened.length = 0;
    holds.keep();
    return { outcomes, feed: news.feed.splice(0), queued, claimed, broken: null };
  };

  // A savepoint makes SQLite copy each page that the call touches, and hardly any call fails. So there is none at first;
  // when a call does fail half-way, the batch is taken back and run again with them.
  const run = (calls: readonly Call[], hasSavepoints: boolean): BatchResult => {
    try {
      return transact(calls, hasSavepoints);
    } catch (cause) {
      takeBack();
      if (cause instanceof UnitError) return run(calls, true);
      const error = storeError(cause);
      const outcomes = calls.map(() => ({ error }));
      return { outcomes, feed: [], queued: [], claimed: nothing, broken: breaksTheStore(error) ? error : null };
    }
  };

  return {
    run: (calls, isFollowed, wantsClaims = false) => {
      news.isFollowed = isFollowed;
      isClaiming = wantsClaims;
      return run(calls, false);
    },
  };
}

function isWrite(entry: MethodEntry | undefined, isBehind: boolean): boolean {
  return entry?.route === "write" || entry?.route === "unit" || (entry?.route === "indexed" && isBehind);
}

function methodOf(ports: SyncPorts, { port, method }: MethodEntry): Method {
  const found: unknown = Reflect.get(ports[port], method);
  if (typeof found !== "function") throw new StoreError("internal", `the store has no ${port}.${method}`);
  return found as Method;
}
