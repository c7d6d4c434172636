/**
 * Announcements with how far they have come, and the message of the day of each host. `place` is where the next step goes on;
 * recipients are listed only where they are no accounts that can be looked up again.
 */
export const announcements = `
CREATE TABLE announcement (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  host TEXT,
  audience TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  per_second INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  state TEXT NOT NULL,
  matching INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  place TEXT,
  finished_at INTEGER
) STRICT;
CREATE INDEX announcement_running ON announcement (seq) WHERE state = 'running';
CREATE TABLE announcement_recipient (
  announcement TEXT NOT NULL,
  number INTEGER NOT NULL,
  jid TEXT NOT NULL,
  PRIMARY KEY (announcement, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE motd (
  host TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  set_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE motd_seen (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  motd TEXT NOT NULL,
  PRIMARY KEY (host, local)
) STRICT, WITHOUT ROWID;
`;
