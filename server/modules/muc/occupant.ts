import { createHmac } from "node:crypto";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { NS_OCCUPANT_ID } from "./namespaces.ts";
import type { Role, Standing } from "./standing.ts";

/** A resource that is in a room. */
export interface Seat {
  readonly jid: Jid;
  /** Broadcasts up to this number are from before it was taken. */
  readonly since: number;
  occupant: Occupant;
  /** What it last sent, without what the server owns; without addresses. */
  presence: Stanza;
}

/**
 * Who was told that an occupant is there, where there are too many for everybody: moderators, also those who came while there
 * were fewer, or all.
 */
export type Audience = "moderators" | "first" | "all";

/** A user under a nickname, with one resource or more. */
export interface Occupant {
  nick: string;
  /** Room JID with the nickname. */
  jid: Jid;
  /** Bare. */
  readonly user: Jid;
  /** `<occupant-id/>` as text. */
  readonly mark: string;
  readonly id: string;
  standing: Standing;
  role: Role;
  audience: Audience;
  /** Its presence as the last one who entered was told, by whether addresses are shown. */
  shown: { readonly open: ShownPresence | null; readonly hidden: ShownPresence | null };
  /** The last one that changed is the one whose presence others see. */
  readonly seats: Seat[];
}

/** A stanza, and what it was made from. */
export interface ShownPresence {
  readonly stanza: Stanza;
  readonly seat: Seat;
  readonly presence: Stanza;
  readonly jid: Jid;
  readonly standing: Standing;
  readonly role: Role;
}

/** XEP-0421 3: the same for a user whenever they are in the room, another one in every room. */
export function occupantId(secret: string, user: Jid): string {
  return createHmac("sha256", secret).update(user.bare).digest("base64url");
}

/** The element that a room puts into what an occupant says. */
export function occupantMark(id: string): string {
  return `<occupant-id xmlns='${NS_OCCUPANT_ID}' id='${id}'/>`;
}

export function newOccupant(options: {
  readonly jid: Jid;
  readonly user: Jid;
  readonly secret: string;
  readonly standing: Standing;
  readonly role: Role;
}): Occupant {
  const { jid, user, secret, standing, role } = options;
  const id = occupantId(secret, user);
  const mark = occupantMark(id);
  const shown = { open: null, hidden: null };
  return { nick: jid.resource, jid, user, id, mark, standing, role, audience: "moderators", shown, seats: [] };
}

/** Its presence as others see it. */
export function shownPresence({ seats }: Occupant): Stanza {
  return seats.at(-1)!.presence;
}
