/** What accounts log in with (XEP-0388, 0484, 0494). The text of a token is nowhere: `current` and `fresh` name it. */
export const clients = `
CREATE TABLE client (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  id TEXT NOT NULL,
  software TEXT,
  device TEXT,
  mechanism TEXT NOT NULL,
  address TEXT NOT NULL,
  knows_password INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  current TEXT,
  fresh TEXT,
  PRIMARY KEY (host, local, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_by_age ON client (host, last_at);
`;
