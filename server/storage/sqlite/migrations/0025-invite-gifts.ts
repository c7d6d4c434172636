/**
 * What an account gets that is made with an invite: a role of the console, groups, tags; and whose right to give them is asked
 * for again then. `owed`: the account is there, and has not got them yet.
 */
export const inviteGifts = `
ALTER TABLE invite ADD COLUMN maker TEXT;
ALTER TABLE invite ADD COLUMN role TEXT CHECK (role IS NULL OR (max_uses = 1 AND maker IS NOT NULL));
ALTER TABLE invite ADD COLUMN role_host TEXT;
ALTER TABLE invite ADD COLUMN roster_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE invite ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE invite_use ADD COLUMN owed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invite_use ADD COLUMN withheld TEXT NOT NULL DEFAULT '[]';
CREATE INDEX invite_use_owed ON invite_use (at) WHERE owed = 1;
`;
