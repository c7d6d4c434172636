/** How many attempts a dead event had when it was brought back; NULL for one that never was. */
export const replays = `
ALTER TABLE fwd_event ADD COLUMN replayed_after INTEGER;
`;
