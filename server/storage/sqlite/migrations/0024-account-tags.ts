/** Words that admins put on accounts, to find them again. */
export const accountTags = `
CREATE TABLE account_tag (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (host, local, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_tag_by_tag ON account_tag (tag, host, local);
`;
