import type {
  AffiliationChange,
  RoomChange,
  RoomDestruction,
  RoomOccupant,
  RoomService,
  RoomState,
} from "../../features/room-services.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { changeRole, changeStandings } from "./affiliate.ts";
import type { Conference } from "./conference.ts";
import type { RoomConfig } from "./config.ts";
import { configure, destroy } from "./configure.ts";
import { checkNick } from "./nick.ts";
import type { RoomOptions } from "./options.ts";
import { remember } from "./past.ts";
import type { Room } from "./room.ts";
import { checkRoleChange } from "./standing.ts";
import { setSubject } from "./subject.ts";

/** What the server's admins do with the rooms of a service: what an owner may, wherever they are. */
export function administration(conference: Conference): RoomService {
  const { options } = conference;

  /** Does something to a room that is there. */
  const withRoom = async (local: string, deal: (room: Room) => void | Promise<void>): Promise<boolean> =>
    conference.withRoom(local, async (room) => {
      if (room === null) return false;
      await deal(room);
      return true;
    });

  return {
    name: conference.name,
    host: conference.host,

    occupied() {
      const counts = new Map<string, number>();
      for (const room of conference.loaded()) if (!room.isEmpty) counts.set(room.jid.local, room.occupants.size);
      return counts;
    },

    async read(local) {
      return conference.withRoom(local, (room) => (room === null ? null : stateOf(room)));
    },

    async create(jid: Jid, owner: Jid, settings: RoomChange) {
      if (Buffer.byteLength(jid.local) > options.max_room_name)
        throw StanzaError.of("not-acceptable", "the name of the room is too long");
      return conference.withRoom(jid.local, async (before) => {
        if (before !== null) return false;
        const room = conference.create(jid.toBare(), owner);
        // It would go at once: nobody is in it.
        await configure(conference, room, changed(room.config, { ...settings, isPersistent: true }, options));
        return true;
      });
    },

    configure: (local, change: RoomChange) =>
      withRoom(local, (room) => configure(conference, room, changed(room.config, change, options))),

    setSubject: (local, subject) => withRoom(local, (room) => setSubject(conference, room, subject)),

    remember: (local, past) => withRoom(local, (room) => remember(conference, room, past)),

    affiliate: (local, changes: readonly AffiliationChange[]) =>
      withRoom(local, (room) => {
        for (const { nick } of changes) if (nick !== undefined) checkNick(nick, options.max_nick);
        return changeStandings(conference, room, changes, undefined);
      }),

    async setRole(local, nick, role, reason) {
      return withRoom(local, (room) => {
        const occupant = room.occupant(nick);
        if (occupant === undefined) throw StanzaError.of("item-not-found", `there is nobody called ${nick}`);
        checkRoleChange({ standing: "owner", role: null }, occupant, role);
        changeRole(conference, room, occupant, role, reason === "" ? {} : { reason });
      });
    },

    destroy: (local, destruction: RoomDestruction) => withRoom(local, (room) => destroy(conference, room, destruction)),
  };
}

function stateOf(room: Room): RoomState {
  const { password, ...settings } = room.config;
  const { subject, affiliations, occupants } = room;
  return {
    settings,
    hasPassword: password !== null,
    subject: subject === null ? null : { text: subject.stanza.childText("subject") ?? "", at: subject.at },
    affiliations: [...affiliations.values()],
    occupants: Array.from(occupants.values(), ({ nick, role, standing, seats }): RoomOccupant => ({
      nick,
      role,
      affiliation: standing,
      jids: seats.map(({ jid }) => jid.full),
    })),
  };
}

/** Throws StanzaError: not-acceptable. */
function changed(before: RoomConfig, change: RoomChange, options: RoomOptions): RoomConfig {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const config: RoomConfig = { ...before, ...given };
  for (const text of [config.name, config.description, config.language, config.password ?? ""]) {
    if (Buffer.byteLength(text) > options.max_text)
      throw StanzaError.of("not-acceptable", `a text may have ${options.max_text} bytes`);
  }
  return {
    ...config,
    maxOccupants: Math.min(config.maxOccupants, options.max_occupants),
    historyLength: Math.min(config.historyLength, options.max_history),
  };
}
