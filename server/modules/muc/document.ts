import { z } from "zod";
import type { RoomRow, StoredRoom } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { RoomConfig } from "./config.ts";
import type { RoomOptions } from "./options.ts";
import { Room } from "./room.ts";

/** What the store keeps of a room as text. */
const Document = z.object({
  config: RoomConfig,
  secret: z.string(),
  subject: z.object({ xml: z.string(), at: z.number() }).nullable(),
  avatarHash: z.string().nullable(),
});

export function roomDocument(room: Room): RoomRow {
  const { config, secret, subject, avatarHash, jid, createdAt } = room;
  return {
    host: jid.domain,
    local: jid.local,
    name: config.name,
    isPublic: config.isPublic,
    isPersistent: config.isPersistent,
    isMembersOnly: config.isMembersOnly,
    isModerated: config.isModerated,
    isArchived: config.isArchived,
    createdAt,
    usedAt: room.usedAt,
    document: JSON.stringify({
      config,
      secret,
      subject: subject === null ? null : { xml: subject.stanza.toString(), at: subject.at },
      avatarHash,
    } satisfies z.input<typeof Document>),
  };
}

/** Throws ZodError for a document that this module has not written. */
export function roomFrom(stored: StoredRoom, options: RoomOptions): Room {
  const { config, secret, subject, avatarHash } = Document.parse(JSON.parse(stored.document));
  const room = new Room({
    jid: Jid.of(stored.local, stored.host),
    config,
    secret,
    createdAt: stored.createdAt,
    usedAt: stored.usedAt,
    maxHistory: options.max_history,
    maxPerSecond: options.max_per_second,
    quietAbove: options.quiet_above,
    affiliations: stored.affiliations,
  });
  if (subject !== null) room.subject = { stanza: Stanza.parse(subject.xml), at: subject.at };
  room.avatarHash = avatarHash;
  return room;
}
