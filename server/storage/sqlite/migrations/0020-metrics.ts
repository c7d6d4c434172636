/** Measurements of the server: one row for five minutes, a month of them. `readings` is JSON by series name. */
export const metrics = `
CREATE TABLE metric_sample (
  at INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,
  readings TEXT NOT NULL
) STRICT;
`;
