/**
 * Every table that one stanza or one attempt touches has no foreign keys: each would cost a lookup per row, and the only
 * delete that cascades (an account) is one named function, `accounts.remove`.
 *
 * Rows with large text are rowid tables; small rows found only by their key are WITHOUT ROWID.
 */
export const initial = `
CREATE TABLE account (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  credentials TEXT NOT NULL,
  sealed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_via TEXT NOT NULL,
  created_from TEXT,
  suspended_at INTEGER,
  suspended_until INTEGER,
  suspended_by TEXT,
  suspended_reason TEXT,
  last_at INTEGER,
  last_status TEXT,
  PRIMARY KEY (host, local)
) STRICT;
CREATE INDEX account_by_local ON account (local, host);
CREATE INDEX account_suspended ON account (local, host) WHERE suspended_at IS NOT NULL;
CREATE INDEX account_never ON account (local, host) WHERE last_at IS NULL;
CREATE INDEX account_sealed ON account (sealed) WHERE sealed = 1;
CREATE TABLE account_count (host TEXT PRIMARY KEY, accounts INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE roster (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  version INTEGER NOT NULL,
  oldest INTEGER NOT NULL,
  PRIMARY KEY (host, local)
) STRICT, WITHOUT ROWID;
CREATE TABLE roster_item (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  jid TEXT NOT NULL,
  name TEXT NOT NULL,
  subscription TEXT NOT NULL,
  ask INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  groups TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (host, local, jid)
) STRICT, WITHOUT ROWID;
CREATE TABLE roster_removed (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  jid TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (host, local, jid)
) STRICT, WITHOUT ROWID;
CREATE TABLE roster_request (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  jid TEXT NOT NULL,
  stanza TEXT NOT NULL,
  PRIMARY KEY (host, local, jid)
) STRICT;

CREATE TABLE offline_message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  sender TEXT NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER,
  bytes INTEGER NOT NULL,
  xml TEXT NOT NULL
) STRICT;
CREATE INDEX offline_by_owner ON offline_message (local, host);
CREATE INDEX offline_expiry ON offline_message (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE offline_queue (
  local TEXT NOT NULL,
  host TEXT NOT NULL,
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (local, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE fwd_event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  target TEXT NOT NULL,
  rule TEXT NOT NULL,
  lane TEXT NOT NULL,
  host TEXT NOT NULL,
  user TEXT NOT NULL,
  sender TEXT NOT NULL,
  type TEXT NOT NULL,
  content_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  status INTEGER,
  ms REAL,
  error TEXT
) STRICT;
CREATE INDEX fwd_event_waiting ON fwd_event (target, lane, seq) WHERE state < 4;
CREATE INDEX fwd_event_done ON fwd_event (target, state, updated_at, ms) WHERE state >= 4;
CREATE INDEX fwd_event_dead ON fwd_event (seq) WHERE state = 5;
CREATE INDEX fwd_event_by_user ON fwd_event (user, host);
CREATE TABLE fwd_payload (seq INTEGER PRIMARY KEY, payload TEXT NOT NULL) STRICT;
CREATE TABLE fwd_lane (
  target TEXT NOT NULL,
  lane TEXT NOT NULL,
  due INTEGER NOT NULL,
  lease_until INTEGER,
  claim TEXT,
  PRIMARY KEY (target, lane)
) STRICT, WITHOUT ROWID;
CREATE INDEX fwd_lane_due ON fwd_lane (target, due) WHERE claim IS NULL;
CREATE INDEX fwd_lane_lease ON fwd_lane (lease_until) WHERE claim IS NOT NULL;
CREATE TABLE fwd_attempt (
  seq INTEGER NOT NULL,
  number INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (seq, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE fwd_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  status INTEGER,
  ms REAL,
  error TEXT
) STRICT;
CREATE TABLE fwd_target (
  target TEXT PRIMARY KEY,
  queued INTEGER NOT NULL DEFAULT 0,
  retrying INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  sending INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  expired INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  last_error TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE fwd_slot (
  slot INTEGER NOT NULL,
  target TEXT NOT NULL,
  host TEXT NOT NULL,
  queued INTEGER NOT NULL DEFAULT 0,
  retrying INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  sending INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  expired INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (slot, target, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_revision (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  comment TEXT NOT NULL,
  rollback_of INTEGER,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE vcard (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  xml TEXT NOT NULL,
  PRIMARY KEY (host, local)
) STRICT;
CREATE TABLE private_xml (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  ns TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  xml TEXT NOT NULL,
  PRIMARY KEY (host, local, ns, name)
) STRICT;

CREATE TABLE registration_decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  host TEXT NOT NULL,
  jid TEXT NOT NULL,
  address TEXT NOT NULL,
  source TEXT NOT NULL,
  allowed INTEGER NOT NULL,
  code TEXT NOT NULL,
  line TEXT NOT NULL,
  retry_after_seconds INTEGER
) STRICT;
CREATE INDEX registration_decision_by_host ON registration_decision (host);
CREATE TABLE registration_network (network TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  result TEXT NOT NULL,
  detail TEXT,
  request_id TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  permissions TEXT NOT NULL,
  hosts TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  last_used_from TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE console_session (
  id TEXT PRIMARY KEY,
  jid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX console_session_by_jid ON console_session (jid);
CREATE INDEX console_session_expiry ON console_session (expires_at);
CREATE TABLE secret (name TEXT PRIMARY KEY, sealed TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
