import type { DatabaseSync } from "node:sqlite";
import { change, LIMIT, query } from "./connection.ts";

/** Cuts the forward feed at its old end. Ids follow commit order, so what goes is always a prefix. */
export function feedRetentionOn({ db }: { readonly db: DatabaseSync }): {
  /** Removes at most `limit` rows older than `before`. */
  prune(before: number, limit: number): number;
  oldestAt(): number | null;
} {
  const oldest = query<{ id: number; at: number }>(db, `SELECT id, at FROM fwd_log ORDER BY id ${LIMIT}`);
  const removeUpTo = change(db, "DELETE FROM fwd_log WHERE id <= ?");
  return {
    prune: (before, limit) => {
      const rows = oldest.all(limit);
      const kept = rows.findIndex(({ at }) => at >= before);
      const last = kept === -1 ? rows.at(-1) : rows[kept - 1];
      return last === undefined ? 0 : removeUpTo(last.id);
    },
    oldestAt: () => oldest.get(1)?.at ?? null,
  };
}
