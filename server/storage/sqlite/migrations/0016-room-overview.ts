/** What admins look for rooms by, taken out of the documents, and when somebody was last there. */
export const roomOverview = `
ALTER TABLE room ADD COLUMN is_members_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE room ADD COLUMN is_moderated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE room ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE room ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
UPDATE room SET
  is_members_only = coalesce(json_extract(document, '$.config.isMembersOnly'), 0),
  is_moderated = coalesce(json_extract(document, '$.config.isModerated'), 0),
  is_archived = coalesce(json_extract(document, '$.config.isArchived'), 0),
  used_at = max(created_at, coalesce((SELECT max(m.id) / 1000 FROM mailbox b JOIN message m
    ON m.mailbox = b.id AND m.archived = 1 WHERE b.local = room.local AND b.host = room.host), 0))
  WHERE json_valid(document);
UPDATE room SET used_at = created_at WHERE used_at = 0;
CREATE INDEX room_by_use ON room (host, used_at);
`;
