/**
 * Files that users upload, from their slots on; what is in them is beside the store. The right to upload one is nowhere:
 * `hash` is the SHA-256 of its token. `file_total` counts the bytes of accounts, and of hosts under the name ''.
 */
export const files = `
CREATE TABLE file (
  id TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  keep_until INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  stored_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX file_by_account ON file (host, local, created_at);
CREATE INDEX file_by_end ON file (ends_at);
CREATE TABLE file_total (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (host, local)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER file_added AFTER INSERT ON file BEGIN
  INSERT INTO file_total VALUES (NEW.host, NEW.local, NEW.size), (NEW.host, '', NEW.size)
    ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER file_removed AFTER DELETE ON file BEGIN
  UPDATE file_total SET bytes = bytes - OLD.size WHERE host = OLD.host AND local IN (OLD.local, '');
  DELETE FROM file_total WHERE host = OLD.host AND local = OLD.local AND bytes <= 0;
END;
`;
