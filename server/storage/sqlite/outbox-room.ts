import type { DatabaseSync } from "node:sqlite";
import { query, type OutboxMove, type Query } from "./connection.ts";
import { shareOf, shareParts } from "./outbox-share.ts";
import { isWaiting, type EventRecord } from "./outbox-state.ts";

/** Shares that are remembered; the index answers for the others. */
const maxShares = 20_000;

const COUNTS = shareParts("?1", "?2").map((part) => `(SELECT count(*) FROM ${part})`);

/**
 * How many events wait for a target, and in a share of it: asked for each new event, so kept in memory. A share that is not
 * remembered is counted when it is asked for, on the index of what waits; there is no more in it than its quota.
 */
export class OutboxRoom {
  readonly #inTable: Query<{ n: number }>;
  readonly #inShare: Query<{ n: number }>;
  readonly #moves: readonly OutboxMove[];
  readonly #targets = new Map<string, number>();
  readonly #shares = new Map<string, number>();

  /** `moves`: those that the table of targets does not know yet. */
  constructor(db: DatabaseSync, moves: readonly OutboxMove[]) {
    this.#moves = moves;
    this.#inTable = query(db, "SELECT queued + retrying + held + sending AS n FROM fwd_target WHERE target = ?");
    this.#inShare = query(db, `SELECT ${COUNTS.join(" + ")} AS n`);
  }

  waitingFor(target: string): number {
    let known = this.#targets.get(target);
    if (known === undefined) {
      known = this.#inTable.get(target)?.n ?? 0;
      for (const move of this.#moves) {
        if (move.target === target) known += Number(isWaiting(move.to)) - Number(isWaiting(move.from));
      }
      this.#targets.set(target, known);
    }
    return known;
  }

  waitingInShare(target: string, share: string): number {
    const key = keyOf(target, share);
    let known = this.#shares.get(key);
    if (known === undefined) {
      known = this.#inShare.get(target, share)?.n ?? 0;
      this.#remember(key, known);
    }
    return known;
  }

  /** An event has come to wait (1) or waits no more (-1). */
  change(event: Pick<EventRecord, "target" | "lane" | "user" | "device">, by: 1 | -1): void {
    const { target } = event;
    const ofTarget = this.#targets.get(target);
    if (ofTarget !== undefined) this.#targets.set(target, ofTarget + by);
    const key = keyOf(target, shareOf(event));
    const ofShare = this.#shares.get(key);
    if (ofShare !== undefined) this.#shares.set(key, ofShare + by);
  }

  /** A transaction, or a part of it, was taken back: what it changed is not known here. */
  forget(): void {
    this.#targets.clear();
    this.#shares.clear();
  }

  #remember(key: string, count: number): void {
    if (this.#shares.size >= maxShares) {
      const [oldest] = this.#shares.keys();
      if (oldest !== undefined) this.#shares.delete(oldest);
    }
    this.#shares.set(key, count);
  }
}

function keyOf(target: string, share: string): string {
  return `${target}\n${share}`;
}
