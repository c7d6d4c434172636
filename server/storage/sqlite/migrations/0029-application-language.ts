/** The language of whoever applied, as a BCP 47 tag; empty where nothing is known of it, and in rows from before. */
export const applicationLanguage = `
ALTER TABLE registration_application ADD COLUMN language TEXT NOT NULL DEFAULT '';
`;
