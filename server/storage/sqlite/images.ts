import type { ImageRow, Images } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";

export function imagesOn({ db }: Connection): Sync<Images> {
  const put = change(
    db,
    `INSERT INTO image (id, type, width, height, data, created_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET created_at = excluded.created_at`,
  );
  const find = query<ImageRow>(
    db,
    "SELECT id, type, width, height, data, created_at AS createdAt FROM image WHERE id = ?",
  );
  const newestFirst = query<{ id: string }>(db, "SELECT id FROM image ORDER BY created_at DESC, rowid DESC");
  const remove = change(db, "DELETE FROM image WHERE id = ?");

  return {
    put: ({ id, type, width, height, data, createdAt }, max, kept) => {
      put(id, type, width, height, data, createdAt);
      const others = newestFirst.all().filter((one) => one.id !== id && !kept.includes(one.id));
      const room = Math.max(0, max - new Set([id, ...kept]).size);
      for (const one of others.slice(room)) remove(one.id);
    },
    find: (id) => find.get(id) ?? null,
  };
}
