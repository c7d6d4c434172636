import type { PersonalData } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";

const OWNER = "host = ? AND local = ?";
/** Of a card it is nearly all; one that is written otherwise than most is left in. */
const WITHOUT_PHOTO = `CASE WHEN instr(xml, '</PHOTO>') > instr(xml, '<PHOTO>') AND instr(xml, '<PHOTO>') > 0
  THEN substr(xml, 1, instr(xml, '<PHOTO>') - 1) || substr(xml, instr(xml, '</PHOTO>') + 8) ELSE xml END`;

export function personalOn({ db }: Connection): Sync<PersonalData> {
  const vcardOf = query<{ xml: string }>(db, `SELECT xml FROM vcard WHERE ${OWNER}`);
  const putVcard = change(db, "INSERT OR REPLACE INTO vcard (host, local, xml) VALUES (?, ?, ?)");
  const textsOf = query<{ jid: string; xml: string }>(
    db,
    `SELECT local || '@' || host AS jid, ${WITHOUT_PHOTO} AS xml FROM json_each(?) names
      JOIN vcard v ON v.host = names.value ->> 'host' AND v.local = names.value ->> 'local'`,
  );
  const privateOf = query<{ xml: string }>(db, `SELECT xml FROM private_xml WHERE ${OWNER} AND ns = ? AND name = ?`);
  const privatesOf = query<{ xml: string }>(db, `SELECT xml FROM private_xml WHERE ${OWNER} ORDER BY ns, name`);
  const bytesBesides = query<{ n: number }>(
    db,
    `SELECT coalesce(sum(bytes), 0) AS n FROM private_xml WHERE ${OWNER} AND NOT (ns = ? AND name = ?)`,
  );
  const putPrivate = change(
    db,
    "INSERT OR REPLACE INTO private_xml (host, local, ns, name, bytes, xml) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const blockedBy = query<{ jid: string }>(db, `SELECT jid FROM blocked WHERE ${OWNER} ORDER BY jid`);
  const block = change(db, "INSERT OR IGNORE INTO blocked (host, local, jid) VALUES (?, ?, ?)");
  const unblock = change(db, `DELETE FROM blocked WHERE ${OWNER} AND jid = ?`);
  const unblockAll = change(db, `DELETE FROM blocked WHERE ${OWNER}`);

  return {
    vcard: (host, local) => vcardOf.get(host, local)?.xml ?? null,
    setVcard: (host, local, xml) => {
      putVcard(host, local, xml);
    },
    vcardTexts: (accounts) => new Map(textsOf.all(JSON.stringify(accounts)).map(({ jid, xml }) => [jid, xml])),
    private: (host, local, ns, name) => privateOf.get(host, local, ns, name)?.xml ?? null,
    privates: (host, local) => privatesOf.all(host, local).map(({ xml }) => xml),
    setPrivate: (host, local, ns, name, xml, maxBytes) => {
      const bytes = Buffer.byteLength(xml);
      if ((bytesBesides.get(host, local, ns, name)?.n ?? 0) + bytes > maxBytes) return false;
      putPrivate(host, local, ns, name, bytes, xml);
      return true;
    },
    blocked: (host, local) => blockedBy.all(host, local).map(({ jid }) => jid),
    setBlocked: (host, local, add, remove, maxJids) => {
      const kept = new Set(remove === null ? [] : blockedBy.all(host, local).map(({ jid }) => jid));
      for (const jid of remove ?? []) kept.delete(jid);
      for (const jid of add) kept.add(jid);
      if (add.length > 0 && kept.size > maxJids) return false;
      if (remove === null) unblockAll(host, local);
      else for (const jid of remove) unblock(host, local, jid);
      for (const jid of add) block(host, local, jid);
      return true;
    },
  };
}
