/**
 * What console accounts prove themselves with beside the password. Secrets are sealed by keys outside the store, recovery
 * codes are hashes. `counter`: the last time step of a TOTP that was used (RFC 6238 5.2), or a passkey's signature counter.
 * All of it goes with the account.
 */
export const secondFactors = `
CREATE TABLE second_factor (
  id TEXT NOT NULL PRIMARY KEY,
  jid TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed TEXT NOT NULL,
  credential TEXT UNIQUE,
  counter INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX second_factor_by_jid ON second_factor (jid, created_at);
CREATE TABLE recovery_code (
  jid TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (jid, hash)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER account_removed_factors AFTER DELETE ON account BEGIN
  DELETE FROM second_factor WHERE jid = OLD.local || '@' || OLD.host;
  DELETE FROM recovery_code WHERE jid = OLD.local || '@' || OLD.host;
END;
ALTER TABLE api_key ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]';
`;
