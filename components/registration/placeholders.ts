/** What a text for applicants may have in it, as it is written there. */
export const placeholders = { name: "{name}", host: "{host}" } as const;
