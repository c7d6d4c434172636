/**
 * Who has asked for an account and waits for an admin, with what they will log in with; and what an admin lets through once. A
 * refused application stays until it would have expired, so that whoever asked is told.
 */
export const applications = `
CREATE TABLE registration_application (
  local TEXT NOT NULL,
  host TEXT NOT NULL,
  credentials TEXT NOT NULL,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  address TEXT NOT NULL,
  message TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  denied_at INTEGER,
  denied_by TEXT,
  reason TEXT,
  PRIMARY KEY (local, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX registration_application_age ON registration_application (at, local, host);
CREATE INDEX registration_application_end ON registration_application (expires_at);
CREATE TABLE registration_pass (
  id TEXT PRIMARY KEY,
  local TEXT NOT NULL,
  host TEXT NOT NULL,
  network TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
