/**
 * One row for each message that an account keeps, whether it waits for a client (`waiting`: its place in the queue), is in the
 * archive, or both. `peer` is the other side's full address, which `peer_hash` stands for in the index (`peer-hash.ts`);
 * `is_own` says that the account sent it, `was_waiting` that its owner was away when it came. `id` grows with time in
 * microseconds, in the order in which messages came; rows that are older than this table keep their small ones. With the
 * number `salt` it makes the id that clients know.
 *
 * Rows belong to a mailbox, not to a name: that keeps the index small, which every message touches at a random place, and a
 * removed account's messages are out of reach at once and deleted in steps (`mailbox_removed`).
 */
export const messages = `
CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  local TEXT NOT NULL,
  host TEXT NOT NULL,
  UNIQUE (local, host)
) STRICT;
CREATE TABLE mailbox_removed (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  mailbox INTEGER NOT NULL,
  salt INTEGER NOT NULL,
  peer TEXT NOT NULL,
  peer_hash INTEGER NOT NULL,
  is_own INTEGER NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER,
  bytes INTEGER NOT NULL,
  waiting INTEGER,
  archived INTEGER NOT NULL,
  was_waiting INTEGER NOT NULL DEFAULT 0,
  xml TEXT NOT NULL
) STRICT;
INSERT INTO mailbox (local, host) SELECT DISTINCT local, host FROM offline_message ORDER BY local, host;
INSERT INTO message (id, mailbox, salt, peer, peer_hash, is_own, type, at, expires_at, bytes, waiting, archived, was_waiting,
    xml)
  SELECT o.id, b.id, random() & 281474976710655, o.sender, 0, 0, o.type, o.at, o.expires_at, o.bytes, o.id, 0, 1, o.xml
  FROM offline_message o JOIN mailbox b ON b.local = o.local AND b.host = o.host;
DROP TABLE offline_message;
CREATE INDEX message_archived ON message (mailbox, id, peer_hash) WHERE archived = 1;
CREATE INDEX message_queue ON message (mailbox, waiting) WHERE waiting IS NOT NULL;
CREATE INDEX message_waiting ON message (waiting) WHERE waiting IS NOT NULL;
CREATE INDEX message_expiry ON message (expires_at) WHERE waiting IS NOT NULL AND expires_at IS NOT NULL;
CREATE TABLE archive_preferences (
  local TEXT NOT NULL,
  host TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (local, host)
) STRICT, WITHOUT ROWID;
`;
