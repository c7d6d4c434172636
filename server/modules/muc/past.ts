import type { RoomPast } from "../../features/room-services.ts";
import type { ArchiveUnit } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Conference } from "./conference.ts";
import { withoutForgery } from "./forgery.ts";
import { NS_OCCUPANT_ID } from "./namespaces.ts";
import { occupantId, occupantMark } from "./occupant.ts";
import type { Room } from "./room.ts";

/** Puts what was said elsewhere into the archive of a room, as its occupants would have got it here. Settles when it is on disk. */
export async function remember(conference: Conference, room: Room, past: readonly RoomPast[]): Promise<void> {
  const units = past.flatMap((said) => unitOf(room, said) ?? []);
  if (units.length > 0) await conference.core.stores.archive.keep(units);
  // Whoever enters next is to see it.
  conference.putAway(room);
}

/** undefined: no occupant could have said it. */
function unitOf({ jid, secret }: Room, { key, nick, sender, message }: RoomPast): ArchiveUnit | undefined {
  const occupant = Jid.tryParse(`${jid.bare}/${nick}`);
  if (occupant === undefined || occupant.resource === "" || message.type !== "groupchat") return undefined;
  const heard = withoutForgery(message, jid.domain).with({ from: occupant.full, to: undefined });
  const mark = sender === null ? null : occupantMark(occupantId(secret, sender));
  const xml = String(mark === null ? heard : heard.appendWritten("occupant-id", NS_OCCUPANT_ID, mark));
  const copy = { host: jid.domain, local: jid.local, key, peer: (sender ?? occupant).full, isOwn: false };
  return { type: "groupchat", xml, copies: [copy] };
}
