/** Where pushes go. Tokens are kept here and nowhere else. `renewed_at` is when the device was last registered. */
export const devices = `
CREATE TABLE device (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  user TEXT NOT NULL,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  token TEXT NOT NULL,
  settings TEXT NOT NULL,
  name TEXT,
  app_version TEXT,
  resource TEXT,
  node TEXT,
  secret_hash TEXT,
  via TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  enabled INTEGER NOT NULL,
  disabled_at INTEGER,
  disabled_reason TEXT,
  last_accepted_at INTEGER,
  last_error TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  UNIQUE (user, target, token)
) STRICT;
CREATE UNIQUE INDEX device_by_node ON device (node) WHERE node IS NOT NULL;
CREATE INDEX device_active ON device (target) WHERE enabled = 1 AND disabled_at IS NULL;
`;
