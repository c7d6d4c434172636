/** Pictures of the operator's, by the hash of their bytes: the policy names them. */
export const images = `
CREATE TABLE image (
  id TEXT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
`;
