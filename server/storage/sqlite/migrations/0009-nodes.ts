/**
 * Publish-subscribe nodes of accounts (XEP-0163) and services (XEP-0060; `local` is ""). An item that is published again is a
 * new row, so that `seq` is the order of publication. Counts on the node are kept by triggers.
 */
export const nodes = `
CREATE TABLE pubsub_node (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  node TEXT NOT NULL,
  config TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  creator TEXT NOT NULL,
  items INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  UNIQUE (host, local, node)
) STRICT;

CREATE TABLE pubsub_item (
  seq INTEGER PRIMARY KEY,
  node_id INTEGER NOT NULL,
  id TEXT NOT NULL,
  publisher TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER,
  bytes INTEGER NOT NULL,
  payload TEXT NOT NULL,
  UNIQUE (node_id, id)
) STRICT;
CREATE INDEX pubsub_item_by_age ON pubsub_item (node_id, seq);
CREATE INDEX pubsub_item_expiring ON pubsub_item (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE pubsub_affiliation (
  node_id INTEGER NOT NULL,
  jid TEXT NOT NULL,
  affiliation TEXT NOT NULL,
  PRIMARY KEY (node_id, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE pubsub_subscription (
  node_id INTEGER NOT NULL,
  bare TEXT NOT NULL,
  jid TEXT NOT NULL,
  state TEXT NOT NULL,
  subid TEXT NOT NULL,
  PRIMARY KEY (node_id, bare, jid)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER pubsub_item_came AFTER INSERT ON pubsub_item BEGIN
  UPDATE pubsub_node SET items = items + 1, bytes = bytes + new.bytes WHERE id = new.node_id;
END;
CREATE TRIGGER pubsub_item_went AFTER DELETE ON pubsub_item BEGIN
  UPDATE pubsub_node SET items = items - 1, bytes = bytes - old.bytes WHERE id = old.node_id;
END;
CREATE TRIGGER pubsub_node_went AFTER DELETE ON pubsub_node BEGIN
  DELETE FROM pubsub_item WHERE node_id = old.id;
  DELETE FROM pubsub_affiliation WHERE node_id = old.id;
  DELETE FROM pubsub_subscription WHERE node_id = old.id;
END;
`;
