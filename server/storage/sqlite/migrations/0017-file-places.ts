/** Where the bytes of an uploaded file are, and lists of files, newest first, for admins. */
export const filePlaces = `
ALTER TABLE file ADD COLUMN place TEXT NOT NULL DEFAULT 'disk';
CREATE INDEX file_by_time ON file (created_at, id);
`;
