import type { DatabaseSync } from "node:sqlite";
import { query, type Query } from "./connection.ts";

/** An active device is enabled and not disabled; the partial index says the same. */
export const ACTIVE = "enabled = 1 AND disabled_at IS NULL";

/** Active devices by target, in memory: a message for a target that nobody has a device at costs no look into the table. */
export class ActiveDevices {
  readonly #counted: Query<{ target: string; n: number }>;
  #counts: Map<string, number> | null = null;

  constructor(db: DatabaseSync) {
    this.#counted = query(
      db,
      `SELECT target, count(*) AS n FROM device INDEXED BY device_active WHERE ${ACTIVE} GROUP BY target`,
    );
  }

  all(): ReadonlyMap<string, number> {
    this.#counts ??= new Map(this.#counted.all().map(({ target, n }) => [target, n]));
    return this.#counts;
  }

  /** A device has become active (1) or is active no more (-1). */
  change(target: string, by: 1 | -1): void {
    if (this.#counts === null) return;
    const count = (this.#counts.get(target) ?? 0) + by;
    if (count === 0) this.#counts.delete(target);
    else this.#counts.set(target, count);
  }

  /** A transaction, or a part of it, was taken back: what it changed is not known here. */
  forget(): void {
    this.#counts = null;
  }
}
