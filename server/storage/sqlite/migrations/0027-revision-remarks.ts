/** What a comment says that the server made, as JSON; null in rows from before, and where somebody wrote it. */
export const revisionRemarks = `
ALTER TABLE policy_revision ADD COLUMN remark TEXT;
`;
