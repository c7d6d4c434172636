/**
 * Named filters of lists; the part of the audit trail that was pruned, as the id and hash of its last row, so that the chain
 * of what is left can still be checked.
 */
export const savedViews = `
CREATE TABLE saved_view (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  shared INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX saved_view_by_name ON saved_view (page, owner, name);
CREATE TABLE audit_pruned (
  id INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_pruned VALUES (0, '');
`;
