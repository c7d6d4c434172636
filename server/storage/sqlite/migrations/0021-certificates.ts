/**
 * Certificates that were uploaded or ordered, with their keys sealed, and since when each host uses which: the newest row of a
 * host holds, with an empty certificate for the server's own. Orders carry their log as JSON.
 */
export const certificates = `
CREATE TABLE certificate (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  chain TEXT NOT NULL,
  sealed_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT;
CREATE TABLE certificate_use (
  host TEXT NOT NULL,
  since INTEGER NOT NULL,
  certificate TEXT NOT NULL,
  author TEXT NOT NULL,
  PRIMARY KEY (host, since)
) STRICT, WITHOUT ROWID;
CREATE TABLE certificate_order (
  id TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  names TEXT NOT NULL,
  state TEXT NOT NULL,
  certificate TEXT,
  steps TEXT NOT NULL
) STRICT;
CREATE INDEX certificate_order_newest ON certificate_order (created_at);
`;
