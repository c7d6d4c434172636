import type { RoomAffiliation, RoomRow, Rooms, RoomStanding } from "../ports.ts";
import { change, insert, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { roomReportOn } from "./room-report.ts";
import { roomSummary, ROOM_COLUMNS, type SummaryRecord } from "./room-summary.ts";

const KEY = "host = ? AND local = ?";

export function roomsOn(connection: Connection): Sync<Rooms> {
  const { db, mailboxes } = connection;
  const idOf = query<{ id: number }>(db, `SELECT id FROM room WHERE ${KEY}`);
  const add = insert(
    db,
    `INSERT INTO room (name, is_public, is_persistent, is_members_only, is_moderated, is_archived, document, host, local,
      created_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const findOne = query<SummaryRecord & { id: number; document: string }>(
    db,
    `SELECT ${ROOM_COLUMNS}, id, document FROM room WHERE ${KEY}`,
  );
  const updateOne = change(
    db,
    `UPDATE room SET name = ?, is_public = ?, is_persistent = ?, is_members_only = ?, is_moderated = ?, is_archived = ?,
      document = ? WHERE ${KEY}`,
  );
  const use = change(db, `UPDATE room SET used_at = ? WHERE ${KEY}`);
  const affiliationsOf = query<RoomAffiliation>(
    db,
    "SELECT jid, affiliation, nick, reason FROM room_affiliation WHERE room = ? ORDER BY jid",
  );
  const affiliate = change(
    db,
    "INSERT OR REPLACE INTO room_affiliation (room, jid, affiliation, nick, reason) VALUES (?, ?, ?, ?, ?)",
  );
  const unaffiliate = change(db, "DELETE FROM room_affiliation WHERE room = ? AND jid = ?");
  const unaffiliateAll = change(db, "DELETE FROM room_affiliation WHERE room = ?");
  const vcardOf = query<{ vcard: string | null }>(db, `SELECT vcard FROM room WHERE ${KEY}`);
  const setVcard = change(db, `UPDATE room SET vcard = ? WHERE ${KEY}`);
  const drop = change(db, "DELETE FROM room WHERE id = ?");
  const temporary = query<{ id: number; local: string }>(
    db,
    `SELECT id, local FROM room WHERE host = ? AND is_persistent = 0 ${LIMIT}`,
  );
  const rows = statementCache<SummaryRecord>(db);
  const counted = query<{ n: number }>(db, "SELECT count(*) AS n FROM room WHERE host = ?");
  const countOfJids = query<{ jid: string; n: number }>(
    db,
    `SELECT jid, count(*) AS n FROM room_affiliation
     WHERE jid IN (SELECT value FROM json_each(?)) AND affiliation <> 'outcast' GROUP BY jid`,
  );
  const ofJid = query<{ local: string; affiliation: RoomStanding }>(
    db,
    `SELECT r.local, a.affiliation FROM room_affiliation a JOIN room r ON r.id = a.room
      WHERE a.jid = ? AND r.host = ? ORDER BY r.local`,
  );

  const remove = (id: number, host: string, local: string): void => {
    unaffiliateAll(id);
    drop(id);
    mailboxes.remove(host, local);
  };

  return {
    create: ({ host, local, createdAt, usedAt, affiliations, ...room }) => {
      if (idOf.get(host, local) !== undefined) return false;
      const id = add(...changeable(room), host, local, createdAt, usedAt);
      for (const { jid, affiliation, nick, reason } of affiliations) affiliate(id, jid, affiliation, nick, reason);
      return true;
    },
    find: (host, local) => {
      const found = findOne.get(host, local);
      if (found === undefined) return null;
      const { id, document, ...summary } = found;
      return { ...roomSummary(summary), document, affiliations: affiliationsOf.all(id) };
    },
    update: (host, local, room) => updateOne(...changeable(room), host, local) === 1,
    used: (host, local, at) => {
      use(at, host, local);
    },
    affiliate: (host, local, changes) => {
      const id = idOf.get(host, local)?.id;
      if (id === undefined) return false;
      for (const { jid, affiliation, nick, reason } of changes) {
        if (affiliation === null) unaffiliate(id, jid);
        else affiliate(id, jid, affiliation, nick, reason);
      }
      return true;
    },
    vcard: (host, local) => vcardOf.get(host, local)?.vcard ?? null,
    setVcard: (host, local, xml) => setVcard(xml, host, local) === 1,
    remove: (host, local) => {
      const id = idOf.get(host, local)?.id;
      if (id === undefined) return false;
      remove(id, host, local);
      return true;
    },
    removeTemporary: (host, limit) => {
      const found = temporary.all(host, limit);
      for (const { id, local } of found) remove(id, host, local);
      return found.length;
    },
    list: ({ host, search, isPublic, after: from = "", cursor, limit: wanted }) => {
      const limit = pageLimit({ limit: wanted });
      const [after] = decodeCursor<[string]>(cursor, ["string"]) ?? [from];
      const terms = ["host = ? AND local > ?"];
      const values: (string | number)[] = [host, after];
      if (isPublic !== undefined) {
        terms.push("is_public = ?");
        values.push(Number(isPublic));
      }
      if (search !== undefined && search !== "") {
        terms.push("(instr(local, ?) > 0 OR instr(lower(name), ?) > 0)");
        values.push(search.toLowerCase(), search.toLowerCase());
      }
      const found = rows(`SELECT ${ROOM_COLUMNS} FROM room WHERE ${terms.join(" AND ")} ORDER BY local ${LIMIT}`).all(
        ...values,
        limit + 1,
      );
      return pageOf(found.map(roomSummary), limit, (row) => [row.local]);
    },
    count: (host) => counted.get(host)?.n ?? 0,
    report: roomReportOn(connection),
    countWith: (jids) => new Map(countOfJids.all(JSON.stringify(jids)).map(({ jid, n }) => [jid, n])),
    affiliatedWith: (host, jid) => ofJid.all(jid, host),
  };
}

function changeable(room: Omit<RoomRow, "host" | "local" | "createdAt" | "usedAt">): (string | number)[] {
  const { name, isPublic, isPersistent, isMembersOnly, isModerated, isArchived, document } = room;
  return [name, ...[isPublic, isPersistent, isMembersOnly, isModerated, isArchived].map(Number), document];
}
