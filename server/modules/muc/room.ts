import type { RoomAffiliation } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { RoomConfig } from "./config.ts";
import { FanOut } from "./fan-out.ts";
import { History } from "./history.ts";
import { NickHolders, nickKey } from "./nick.ts";
import type { Occupant, Seat } from "./occupant.ts";
import { RoomRate } from "./rate.ts";
import type { Role, Standing } from "./standing.ts";

export interface Subject {
  /** The message that set it, as occupants got it, without `to`. */
  readonly stanza: Stanza;
  readonly at: number;
}

/** A room in memory: what it is, who is what to it, and who is there. It sends nothing by itself. */
export class Room {
  /** Bare. */
  readonly jid: Jid;
  readonly createdAt: number;
  /** When somebody came, or the last one left. */
  usedAt: number;
  /** Key of the occupant ids. */
  readonly secret: string;
  readonly history: History;
  readonly rate: RoomRate;
  config: RoomConfig;
  subject: Subject | null = null;
  /** SHA-1 of the picture of its card, hex (XEP-0153); null: none. */
  avatarHash: string | null = null;
  /** Just made: nobody else enters before its owner has said what it is to be (XEP-0045 10.1). */
  isLocked = false;
  /** It was destroyed, or left memory: who still holds it must ask for it anew. */
  isGone = false;
  /** It was {@link isQuiet} since somebody was in it first: some may not have been told of others. */
  wasQuiet = false;
  /** Members who are not there are being told, in order; null: all were. */
  telling: Promise<void> | null = null;
  /** By {@link nickKey}. */
  readonly occupants = new Map<string, Occupant>();
  /** Of those who are there. */
  readonly nicks = new NickHolders();
  /** Of those who have registered one (XEP-0045 7.10). */
  readonly registeredNicks = new NickHolders();
  readonly moderators = new Set<Occupant>();
  /** Resources that are in it, by full JID. */
  readonly seats = new Map<string, Seat>();
  readonly fanOut = new FanOut(this.seats);
  readonly #quietAbove: number;
  readonly affiliations = new Map<string, RoomAffiliation>();

  constructor(options: {
    readonly jid: Jid;
    readonly config: RoomConfig;
    readonly secret: string;
    readonly createdAt: number;
    readonly usedAt: number;
    readonly maxHistory: number;
    readonly maxPerSecond: number;
    /** 0: never. */
    readonly quietAbove: number;
    readonly affiliations: readonly RoomAffiliation[];
  }) {
    this.jid = options.jid;
    this.config = options.config;
    this.secret = options.secret;
    this.createdAt = options.createdAt;
    this.usedAt = options.usedAt;
    this.history = new History(options.maxHistory);
    this.rate = new RoomRate(options.maxPerSecond);
    this.#quietAbove = options.quietAbove;
    for (const one of options.affiliations) this.setAffiliation(one.jid, one);
  }

  /** What the room's lists say of a user, or of their domain. */
  standing(user: Jid): Standing {
    const entry = this.affiliations.get(user.bare) ?? this.affiliations.get(user.domain);
    return entry?.affiliation ?? "none";
  }

  setAffiliation(jid: string, entry: RoomAffiliation | null): void {
    const before = this.affiliations.get(jid)?.nick ?? null;
    if (before !== null) this.registeredNicks.remove(before, jid);
    if (entry === null) {
      this.affiliations.delete(jid);
      return;
    }
    this.affiliations.set(jid, entry);
    if (entry.nick !== null) this.registeredNicks.add(entry.nick, jid);
  }

  occupant(nick: string): Occupant | undefined {
    return this.occupants.get(nickKey(nick));
  }

  add(occupant: Occupant): void {
    this.occupants.set(nickKey(occupant.nick), occupant);
    this.nicks.add(occupant.nick, occupant.user.bare);
  }

  /** Unless another occupant of the same user has their nickname. */
  drop(occupant: Occupant): void {
    if (this.occupant(occupant.nick) !== occupant) return;
    this.occupants.delete(nickKey(occupant.nick));
    this.nicks.remove(occupant.nick, occupant.user.bare);
  }

  /** Occupants of one user; there is more than one where they use several nicknames. */
  occupantsOf(bare: string): Occupant[] {
    const found = new Set<Occupant>();
    for (const seat of this.seats.values()) if (seat.jid.bare === bare) found.add(seat.occupant);
    return [...found];
  }

  seat(user: Jid): Seat | undefined {
    return this.seats.get(user.full);
  }

  isVisible(occupant: Occupant): boolean {
    return this.config.presenceOf.includes(occupant.role);
  }

  /** Is this viewer to be told more of an occupant whom others were told of? */
  isTold(viewer: Occupant, { audience }: Occupant): boolean {
    if (viewer.role === "moderator" || audience === "all") return true;
    return audience === "first" && (viewer.audience !== "moderators" || !this.isQuiet);
  }

  /** So many are there that everybody's presence for everybody would be too much: it grows with their square. */
  get isQuiet(): boolean {
    return this.#quietAbove > 0 && this.occupants.size > this.#quietAbove;
  }

  /** Is this occupant told of all others, as far as the room's owners want it? */
  seesEverybody(viewer: Occupant): boolean {
    return viewer.role === "moderator" || !this.isQuiet;
  }

  /** Are real addresses shown to this occupant? */
  showsJids(viewer: Occupant): boolean {
    return this.config.whois === "anyone" || viewer.role === "moderator";
  }

  giveRole(occupant: Occupant, role: Role): void {
    occupant.role = role;
    if (role === "moderator") this.moderators.add(occupant);
    else this.moderators.delete(occupant);
  }

  occupantJid(nick: string): Jid {
    return this.jid.withResource(nick);
  }

  get isEmpty(): boolean {
    return this.seats.size === 0;
  }
}
