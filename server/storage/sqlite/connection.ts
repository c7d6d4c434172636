import { randomBytes } from "node:crypto";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { ClaimOffer, FeedRow } from "../ports.ts";
import type { ArchiveIndex } from "./archive-index.ts";
import type { ActiveDevices } from "./device-count.ts";
import type { Mailboxes } from "./mailboxes.ts";
import type { LaneHolds } from "./outbox-holds.ts";
import type { OutboxRoom } from "./outbox-room.ts";
import type { CommitCount } from "./series.ts";

/** A port's methods as they run beside the database: the same signatures without the promise. */
export type Sync<Port> = {
  readonly [Method in keyof Port]: Port[Method] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};

/** What the functions of every port share: the open database and what the running transaction has to tell. */
export interface Connection {
  readonly db: DatabaseSync;
  readonly now: () => number;
  readonly news: News;
  readonly holds: LaneHolds;
  /** Who would claim what comes for which target, by target. */
  readonly offers: Map<string, ClaimOffer>;
  readonly mailboxes: Mailboxes;
  readonly archiveIndex: ArchiveIndex;
  /** Counts in memory. Whoever takes a transaction back has both forget. */
  readonly room: OutboxRoom;
  readonly activeDevices: ActiveDevices;
  readonly commits: CommitCount;
}

/** What a transaction tells once it is committed; a call that is rolled back takes its part back. */
export interface News {
  /** Rows of the feeds, made only while somebody follows them. */
  readonly feed: FeedRow[];
  isFollowed: boolean;
  /** Targets with events that have just come to wait, and how many. One too many does no harm. */
  readonly queued: Map<string, number>;
  /** Lanes where nothing waited before, of targets for which there are offers; the same holds. */
  readonly opened: { readonly target: string; readonly lane: string }[];
  /** Outbox events that changed their state, not yet counted (`outbox-tally.ts`). */
  readonly moves: OutboxMove[];
}
/** States by their number in the store; -1 for an event that is new or gone. */
export interface OutboxMove {
  readonly target: string;
  readonly host: string;
  readonly createdAt: number;
  readonly from: number;
  readonly to: number;
}

export interface Query<Row> {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  /** One row at a time, for what would not fit in memory. */
  iterate(...values: SQLInputValue[]): Iterable<Row>;
}

/**
 * A row limit as parameter. SQLite takes a bare `LIMIT ?` for a hint to its planner and prepares the statement anew at each
 * run, which costs more than running it (22 instead of 3 us for a lane's head).
 */
export const LIMIT = "LIMIT 0 + ?";

/** A prepared SELECT whose columns are named as the fields of `Row`. */
export function query<Row extends object>(db: DatabaseSync, sql: string): Query<Row> {
  const statement = db.prepare(sql);
  return {
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as Row[],
    iterate: (...values) => statement.iterate(...values) as Iterable<Row>,
  };
}

/** A prepared statement that writes; answers how many rows it changed. */
export function change(db: DatabaseSync, sql: string): (...values: SQLInputValue[]) => number {
  const statement = db.prepare(sql);
  return (...values) => Number(statement.run(...values).changes);
}

/** A prepared INSERT; answers the row's id. */
export function insert(db: DatabaseSync, sql: string): (...values: SQLInputValue[]) => number {
  const statement = db.prepare(sql);
  return (...values) => Number(statement.run(...values).lastInsertRowid);
}

/** Statements whose text depends on the filters given, prepared at first use. The number of texts is small and fixed. */
export function statementCache<Row extends object>(db: DatabaseSync): (sql: string) => Query<Row> {
  const prepared = new Map<string, Query<Row>>();
  return (sql) => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = query<Row>(db, sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
}

const tokenBytes = 12;
let tokens = Buffer.alloc(0);
let nextToken = 0;

/** A random name, 96 bits. Random bytes are fetched many tokens at a time: one call costs as much as several statements. */
export function freshToken(): string {
  if (nextToken === tokens.length) {
    tokens = randomBytes(tokenBytes * 256);
    nextToken = 0;
  }
  nextToken += tokenBytes;
  return tokens.toString("base64url", nextToken - tokenBytes, nextToken);
}
