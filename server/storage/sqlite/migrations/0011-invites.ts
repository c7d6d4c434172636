/** Invites and links that set a new password. Their tokens are nowhere: `hash` is the SHA-256 of one. */
export const invites = `
CREATE TABLE invite (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  host TEXT NOT NULL,
  local TEXT,
  inviter TEXT,
  registers INTEGER NOT NULL,
  max_uses INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  opened_at INTEGER,
  revoked_at INTEGER,
  note TEXT NOT NULL
) STRICT;
CREATE INDEX invite_by_name ON invite (host, local) WHERE local IS NOT NULL;
CREATE INDEX invite_by_creator ON invite (created_by, expires_at);
CREATE INDEX invite_by_inviter ON invite (inviter) WHERE inviter IS NOT NULL;
CREATE INDEX invite_by_expiry ON invite (expires_at);
CREATE TABLE invite_use (
  invite TEXT NOT NULL,
  jid TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX invite_use_by_invite ON invite_use (invite);
CREATE TRIGGER invite_removed AFTER DELETE ON invite BEGIN
  DELETE FROM invite_use WHERE invite = OLD.id;
END;
`;
