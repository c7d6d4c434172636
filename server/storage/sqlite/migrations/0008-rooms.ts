/** Rooms (XEP-0045) and who is what in them. A room's archive is a mailbox like that of an account. */
export const rooms = `
CREATE TABLE room (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  name TEXT NOT NULL,
  is_public INTEGER NOT NULL,
  is_persistent INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  document TEXT NOT NULL,
  vcard TEXT,
  UNIQUE (host, local)
) STRICT;
CREATE INDEX room_temporary ON room (host) WHERE is_persistent = 0;
CREATE TABLE room_affiliation (
  room INTEGER NOT NULL,
  jid TEXT NOT NULL,
  affiliation TEXT NOT NULL,
  nick TEXT,
  reason TEXT,
  PRIMARY KEY (room, jid)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_affiliation_jid ON room_affiliation (jid);
`;
