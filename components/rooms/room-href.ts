export const roomHref = (jid: string): string => `/rooms/room?jid=${encodeURIComponent(jid)}`;

/** Path of a room in the admin API. */
export const roomPath = (jid: string): string => `/rooms/${encodeURIComponent(jid)}`;
