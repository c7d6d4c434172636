/**
 * What forwarding has to know after a restart. `fwd_credential`: what attempts have shown of the keys that push providers are
 * asked with. `gone_at`: since when a target is held because it answered 410. Of a device that an app server refuses,
 * `failing_since` is when that began and `retry_at` when it is tried once more; `had_retry` says that it was.
 */
export const forwardMemory = `
CREATE TABLE fwd_credential (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE fwd_target ADD COLUMN gone_at INTEGER;
ALTER TABLE device ADD COLUMN failing_since INTEGER;
ALTER TABLE device ADD COLUMN retry_at INTEGER;
ALTER TABLE device ADD COLUMN had_retry INTEGER NOT NULL DEFAULT 0;
CREATE INDEX device_by_retry ON device (retry_at) WHERE retry_at IS NOT NULL;
`;
