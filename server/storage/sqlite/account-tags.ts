import type { Accounts } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";

const KEY = "host = ? AND local = ?";

export function accountTagsOn({ db }: Connection): Pick<Sync<Accounts>, "setTags" | "tags"> {
  const known = query<object>(db, `SELECT 1 FROM account WHERE ${KEY}`);
  const tagsOf = query<{ tag: string }>(db, `SELECT tag FROM account_tag WHERE ${KEY}`);
  const insert = change(db, "INSERT INTO account_tag (host, local, tag) VALUES (?, ?, ?)");
  const remove = change(db, `DELETE FROM account_tag WHERE ${KEY} AND tag = ?`);
  const counted = query<{ tag: string; accounts: number }>(
    db,
    `SELECT tag, count(*) AS accounts FROM account_tag
      WHERE ? IS NULL OR host IN (SELECT value FROM json_each(?)) GROUP BY tag ORDER BY tag`,
  );

  return {
    setTags: (host, local, wanted, most) => {
      if (known.get(host, local) === undefined) return "unknown";
      const before = new Set(tagsOf.all(host, local).map(({ tag }) => tag));
      const after = before.difference(new Set(wanted.remove)).union(new Set(wanted.add));
      if (after.size > most && after.size > before.size) return "full";
      for (const tag of before.difference(after)) remove(host, local, tag);
      for (const tag of after.difference(before)) insert(host, local, tag);
      return "done";
    },
    tags: (hosts) => {
      const scope = hosts === undefined ? null : JSON.stringify(hosts);
      return counted.all(scope, scope);
    },
  };
}
