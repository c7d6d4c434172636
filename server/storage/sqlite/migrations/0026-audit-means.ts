/** By what means a row's actor acted, as JSON; null in rows from before, and where the server acted by itself. */
export const auditMeans = `
ALTER TABLE audit ADD COLUMN means TEXT;
`;
