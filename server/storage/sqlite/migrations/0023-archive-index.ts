/** The index over the archives as a table, which the store writes late (`archive-index.ts`). */
export const archiveIndex = `
CREATE TABLE archive_entry (
  mailbox INTEGER NOT NULL,
  id INTEGER NOT NULL,
  peer_hash INTEGER NOT NULL,
  PRIMARY KEY (mailbox, id)
) STRICT, WITHOUT ROWID;
INSERT INTO archive_entry (mailbox, id, peer_hash)
  SELECT mailbox, id, peer_hash FROM message WHERE archived = 1 ORDER BY mailbox, id;
CREATE TABLE archive_progress (up_to INTEGER NOT NULL) STRICT;
INSERT INTO archive_progress (up_to) SELECT coalesce(max(id), 0) FROM message;
DROP INDEX message_archived;
`;
