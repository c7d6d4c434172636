import type { GroupMembership, Groups, GroupSummary } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";

interface Row {
  readonly host: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly members: GroupMembership;
  readonly displays: string;
  readonly listed: number;
}

const SELECT = `SELECT host, name, label, description, members,
  (SELECT json_group_array(displayed) FROM (SELECT displayed FROM roster_group_displayed d
    WHERE d.host = g.host AND d.name = g.name ORDER BY displayed)) AS displays,
  (SELECT count(*) FROM roster_group_member m WHERE m.host = g.host AND m.name = g.name) AS listed
  FROM roster_group g`;

export function groupsOn({ db }: Connection): Sync<Groups> {
  const all = query<Row>(db, `${SELECT} WHERE host = ? ORDER BY name`);
  const one = query<Row>(db, `${SELECT} WHERE host = ? AND name = ?`);
  const count = query<{ n: number }>(db, "SELECT count(*) AS n FROM roster_group WHERE host = ?");
  const add = change(
    db,
    "INSERT INTO roster_group (host, name, label, description, members) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const update = change(
    db,
    "UPDATE roster_group SET label = ?, description = ?, members = ? WHERE host = ? AND name = ?",
  );
  const remove = change(db, "DELETE FROM roster_group WHERE host = ? AND name = ?");
  const undisplay = change(db, "DELETE FROM roster_group_displayed WHERE host = ? AND name = ?");
  const display = change(
    db,
    `INSERT OR IGNORE INTO roster_group_displayed (host, name, displayed)
      SELECT host, ?2, name FROM roster_group WHERE host = ?1 AND name = ?3`,
  );
  const membersOf = query<{ local: string }>(
    db,
    `SELECT local FROM roster_group_member WHERE host = ? AND name = ? AND local > ? ORDER BY local ${LIMIT}`,
  );
  const member = query<object>(db, "SELECT 1 FROM roster_group_member WHERE host = ? AND name = ? AND local = ?");
  const countMembers = query<{ n: number }>(
    db,
    "SELECT count(*) AS n FROM roster_group_member WHERE host = ? AND name = ?",
  );
  const join = change(
    db,
    `INSERT OR IGNORE INTO roster_group_member (host, name, local)
      SELECT host, ?2, local FROM account WHERE host = ?1 AND local = ?3`,
  );
  const leave = change(db, "DELETE FROM roster_group_member WHERE host = ? AND name = ? AND local = ?");

  return {
    list: (host) => all.all(host).map(summary),
    find: (host, name) => {
      const row = one.get(host, name);
      return row === undefined ? null : summary(row);
    },
    put: ({ host, name, label, description, members, displays }, is, maxGroups) => {
      if (is === "new") {
        if (one.get(host, name) !== undefined) return "exists";
        if ((count.get(host)?.n ?? 0) >= maxGroups) return "too-many";
        add(host, name, label, description, members);
      } else if (update(label, description, members, host, name) === 0) return "unknown";
      undisplay(host, name);
      for (const other of displays) display(host, name, other);
      return "done";
    },
    remove: (host, name) => remove(host, name) === 1,
    members: (host, name, after, limit) => membersOf.all(host, name, after, limit).map(({ local }) => local),
    change: (host, name, added, removed, maxMembers) => {
      if (one.get(host, name) === undefined) return null;
      const isKnown = (local: string): boolean => member.get(host, name, local) !== undefined;
      const coming = new Set(added.filter((local) => !isKnown(local)));
      const going = new Set(removed.filter(isKnown));
      if ((countMembers.get(host, name)?.n ?? 0) - going.size + coming.size > maxMembers) return "too-many";
      let joined = 0;
      for (const local of going) leave(host, name, local);
      for (const local of coming) joined += join(host, name, local);
      return { added: joined, removed: going.size };
    },
  };
}

function summary({ displays, ...row }: Row): GroupSummary {
  return { ...row, displays: JSON.parse(displays) as string[] };
}
