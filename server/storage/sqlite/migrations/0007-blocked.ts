/** Whom an account does not want to hear from (XEP-0191). */
export const blocked = `
CREATE TABLE blocked (
  host TEXT NOT NULL,
  local TEXT NOT NULL,
  jid TEXT NOT NULL,
  PRIMARY KEY (host, local, jid)
) STRICT, WITHOUT ROWID;
`;
