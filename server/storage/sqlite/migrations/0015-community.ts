/** Shared roster groups, reports of spam and abuse, and the directory that users are searched in. */
export const community = `
CREATE TABLE roster_group (
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  description TEXT NOT NULL,
  members TEXT NOT NULL,
  PRIMARY KEY (host, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE roster_group_member (
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  local TEXT NOT NULL,
  PRIMARY KEY (host, name, local)
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_group_by_member ON roster_group_member (host, local);
CREATE TABLE roster_group_displayed (
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  displayed TEXT NOT NULL,
  PRIMARY KEY (host, name, displayed)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER roster_group_removed AFTER DELETE ON roster_group BEGIN
  DELETE FROM roster_group_member WHERE host = OLD.host AND name = OLD.name;
  DELETE FROM roster_group_displayed WHERE host = OLD.host AND (name = OLD.name OR displayed = OLD.name);
END;
CREATE TABLE report (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  reporter TEXT NOT NULL,
  jid TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL,
  consents TEXT NOT NULL,
  messages TEXT NOT NULL,
  at INTEGER NOT NULL,
  resolved_at INTEGER,
  resolved_by TEXT,
  resolution TEXT,
  note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX report_open ON report (host) WHERE resolved_at IS NULL;
CREATE INDEX report_by_reporter ON report (reporter, at);
CREATE INDEX report_by_jid ON report (jid);
CREATE TABLE directory_entry (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (host, local)
) STRICT, WITHOUT ROWID;
CREATE TABLE directory_key (
  host TEXT NOT NULL,
  field TEXT NOT NULL,
  key TEXT NOT NULL,
  local TEXT NOT NULL,
  PRIMARY KEY (host, field, key, local)
) STRICT, WITHOUT ROWID;
CREATE INDEX directory_key_by_account ON directory_key (host, local);
`;
