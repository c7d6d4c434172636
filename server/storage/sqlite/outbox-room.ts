import type { DatabaseSync } from "node:sqlite";
import { query, type OutboxMove, type Query } from "./connection.ts";
import { isWaiting, WAITING } from "./outbox-state.ts";

/** Lanes that are remembered; the index answers for the others. */
const maxLanes = 20_000;

/**
 * How many events wait for a target, and in a lane: asked for each new event, so kept in memory. A lane that is not
 * remembered is counted when it is asked for, on the index of what waits; there is no more in it than its quota.
 */
export class OutboxRoom {
  readonly #inTable: Query<{ n: number }>;
  readonly #inLane: Query<{ n: number }>;
  readonly #moves: readonly OutboxMove[];
  readonly #targets = new Map<string, number>();
  readonly #lanes = new Map<string, number>();

  /** `moves`: those that the table of targets does not know yet. */
  constructor(db: DatabaseSync, moves: readonly OutboxMove[]) {
    this.#moves = moves;
    this.#inTable = query(db, "SELECT queued + retrying + held + sending AS n FROM fwd_target WHERE target = ?");
    this.#inLane = query(
      db,
      `SELECT count(*) AS n FROM fwd_event INDEXED BY fwd_event_waiting WHERE target = ? AND lane = ? AND ${WAITING}`,
    );
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

  waitingInLane(target: string, lane: string): number {
    const key = keyOf(target, lane);
    let known = this.#lanes.get(key);
    if (known === undefined) {
      known = this.#inLane.get(target, lane)?.n ?? 0;
      this.#remember(key, known);
    }
    return known;
  }

  /** An event has come to wait (1) or waits no more (-1). */
  change(target: string, lane: string, by: 1 | -1): void {
    const ofTarget = this.#targets.get(target);
    if (ofTarget !== undefined) this.#targets.set(target, ofTarget + by);
    const key = keyOf(target, lane);
    const ofLane = this.#lanes.get(key);
    if (ofLane !== undefined) this.#lanes.set(key, ofLane + by);
  }

  /** A transaction, or a part of it, was taken back: what it changed is not known here. */
  forget(): void {
    this.#targets.clear();
    this.#lanes.clear();
  }

  #remember(key: string, count: number): void {
    if (this.#lanes.size >= maxLanes) {
      const [oldest] = this.#lanes.keys();
      if (oldest !== undefined) this.#lanes.delete(oldest);
    }
    this.#lanes.set(key, count);
  }
}

function keyOf(target: string, lane: string): string {
  return `${target}\n${lane}`;
}
