export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly object: string;
  readonly result: "done" | "refused" | "failed";
  readonly detail: string | null;
  readonly requestId: string;
  /** By what means the actor acted, as JSON; null: the server did it by itself, or the row is older than this. */
  readonly means: string | null;
  /** SHA-256 over this row and the hash of the one before, hex. */
  readonly hash: string;
}

export type NewAuditRow = Omit<AuditRow, "id" | "hash">;
