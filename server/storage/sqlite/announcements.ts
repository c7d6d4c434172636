import type { AnnouncementRow, Announcements, Motd } from "../ports.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

const COLUMNS = `seq, id, host, audience, subject, body, per_second AS perSecond, created_at AS createdAt,
  created_by AS createdBy, state, matching, sent, skipped, place, finished_at AS finishedAt`;

interface Row extends Omit<AnnouncementRow, "audience"> {
  readonly seq: number;
  readonly audience: string;
}

export function announcementsOn({ db }: Connection): Sync<Announcements> {
  const add = change(
    db,
    `INSERT INTO announcement (id, host, audience, subject, body, per_second, created_at, created_by, state, matching,
      sent, skipped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, 0, 0)`,
  );
  const addRecipient = change(db, "INSERT INTO announcement_recipient (announcement, number, jid) VALUES (?, ?, ?)");
  const recipientsOf = query<{ jid: string }>(
    db,
    `SELECT jid FROM announcement_recipient WHERE announcement = ? AND number >= ? ORDER BY number ${LIMIT}`,
  );
  const advance = change(
    db,
    `UPDATE announcement SET place = ?, sent = sent + ?, skipped = skipped + ? WHERE id = ? AND state = 'running'`,
  );
  const end = change(db, "UPDATE announcement SET state = ?, finished_at = ? WHERE id = ? AND state = 'running'");
  const byId = query<Row>(db, `SELECT ${COLUMNS} FROM announcement WHERE id = ?`);
  const running = query<Row>(db, `SELECT ${COLUMNS} FROM announcement WHERE state = 'running' ORDER BY seq`);
  const listed = statementCache<Row>(db);
  const strays = query<{ announcement: string; number: number }>(
    db,
    `SELECT announcement, number FROM announcement_recipient r
      WHERE NOT EXISTS (SELECT 1 FROM announcement a WHERE a.id = r.announcement AND a.state = 'running') ${LIMIT}`,
  );
  const removeRecipient = change(db, "DELETE FROM announcement_recipient WHERE announcement = ? AND number = ?");
  const old = query<{ id: string }>(db, `SELECT id FROM announcement WHERE finished_at < ? ${LIMIT}`);
  const remove = change(db, "DELETE FROM announcement WHERE id = ?");
  const motds = query<Motd>(
    db,
    "SELECT host, id, subject, body, set_at AS setAt, set_by AS setBy FROM motd ORDER BY host",
  );
  const putMotd = change(
    db,
    "INSERT OR REPLACE INTO motd (host, id, subject, body, set_at, set_by) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const removeMotd = change(db, "DELETE FROM motd WHERE host = ?");
  const tell = change(
    db,
    `INSERT INTO motd_seen (host, local, motd) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET motd = excluded.motd WHERE motd <> excluded.motd`,
  );

  return {
    add: ({ id, host, audience, subject, body, perSecond, createdAt, createdBy, matching }) => {
      add(id, host, JSON.stringify(audience), subject, body, perSecond, createdAt, createdBy, matching);
    },
    addRecipients: (id, first, jids) => {
      for (const [index, jid] of jids.entries()) addRecipient(id, first + index, jid);
    },
    recipients: (id, from, limit) => recipientsOf.all(id, from, limit).map(({ jid }) => jid),
    advance: (id, place, sent, skipped) => advance(place, sent, skipped, id) === 1,
    end: (id, state, at) => end(state, at, id) === 1,
    find: (id) => {
      const row = byId.get(id);
      return row === undefined ? null : announcementRow(row);
    },
    running: () => running.all().map(announcementRow),
    list: (hosts, request) => {
      const limit = pageLimit(request);
      const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
      const isListed = hosts === undefined ? "" : " AND host IN (SELECT value FROM json_each(?))";
      const values = hosts === undefined ? [] : [JSON.stringify(hosts)];
      const found = listed(
        `SELECT ${COLUMNS} FROM announcement WHERE seq < ?${isListed} ORDER BY seq DESC ${LIMIT}`,
      ).all(before, ...values, limit + 1);
      const page = pageOf(found, limit, ({ seq }) => [seq]);
      return { ...page, items: page.items.map(announcementRow) };
    },
    prune: (before, limit) => {
      const gone = strays.all(limit);
      for (const { announcement, number } of gone) removeRecipient(announcement, number);
      const ended = gone.length < limit ? old.all(before, limit - gone.length) : [];
      for (const { id } of ended) remove(id);
      return gone.length + ended.length;
    },
    motds: () => motds.all(),
    setMotd: (host, motd) => {
      if (motd === null) removeMotd(host);
      else putMotd(host, motd.id, motd.subject, motd.body, motd.setAt, motd.setBy);
    },
    tellMotd: (host, local, motd) => tell(host, local, motd) === 1,
  };
}

function announcementRow({ seq: _seq, audience, ...row }: Row): AnnouncementRow {
  return { ...row, audience: JSON.parse(audience) as AnnouncementRow["audience"] };
}
