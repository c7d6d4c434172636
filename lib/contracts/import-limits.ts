/** The largest piece of a document that one call takes, in UTF-16 units. */
export const maxPartLength = 2 * 1024 * 1024;
