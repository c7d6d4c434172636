import type { SavedViewRow, SavedViews } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";

const COLUMNS = "id, owner, page, name, query, shared, created_at AS createdAt";
type ViewRecord = Omit<SavedViewRow, "shared"> & { readonly shared: number };

export function viewsOn({ db }: Connection): Sync<SavedViews> {
  const list = query<ViewRecord>(
    db,
    `SELECT ${COLUMNS} FROM saved_view WHERE page = ? AND (owner = ? OR shared = 1) ORDER BY name, id`,
  );
  const byId = query<ViewRecord>(db, `SELECT ${COLUMNS} FROM saved_view WHERE id = ?`);
  const count = query<{ n: number }>(db, "SELECT count(*) AS n FROM saved_view WHERE owner = ?");
  const removeNamed = change(db, "DELETE FROM saved_view WHERE page = ? AND owner = ? AND name = ?");
  const put = change(
    db,
    "INSERT INTO saved_view (id, owner, page, name, query, shared, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const remove = change(db, "DELETE FROM saved_view WHERE id = ?");

  return {
    list: (page, owner) => list.all(page, owner).map(viewRow),
    find: (id) => {
      const record = byId.get(id);
      return record === undefined ? null : viewRow(record);
    },
    put: ({ id, owner, page, name, query: text, shared, createdAt }, max) => {
      if (removeNamed(page, owner, name) === 0 && (count.get(owner)?.n ?? 0) >= max) return false;
      put(id, owner, page, name, text, shared ? 1 : 0, createdAt);
      return true;
    },
    remove: (id) => remove(id) === 1,
  };
}

function viewRow(record: ViewRecord): SavedViewRow {
  return { ...record, shared: record.shared === 1 };
}
