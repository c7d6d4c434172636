import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What the server writes down by itself, whatever is asked of it. */
const ownNotes: ReadonlySet<string> = new Set(["audit", "metric_sample", "sqlite_sequence"]);

/** SHA-256 of the rows of each table of a data directory, hex; a server may be at work on it. */
export function storeChecksums(data: string): Record<string, string> {
  const db = new DatabaseSync(join(data, "nightpost.db"), { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    const kept = tables.map(({ name }) => String(name)).filter((name) => !ownNotes.has(name));
    return Object.fromEntries(
      kept.map((name) => {
        const hash = createHash("sha256");
        const rows = db.prepare(`SELECT * FROM "${name}"`).all();
        for (const row of rows.map((each) => JSON.stringify(each)).toSorted()) hash.update(row).update("\n");
        return [name, hash.digest("hex")];
      }),
    );
  } finally {
    db.close();
  }
}
