import type { RoomChange, RoomOccupant, RoomSettings } from "../../lib/contracts/rooms.ts";
import type { Host } from "../core/host.ts";
import { onePerServer } from "../core/one-per-server.ts";
import type { MessageKey, RoomAffiliation, RoomStanding } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Stanza } from "../xmpp/stanza.ts";

export type { RoomChange, RoomOccupant, RoomSettings };

/** A room, whether or not anybody is in it. */
export interface RoomState {
  readonly settings: RoomSettings;
  readonly hasPassword: boolean;
  readonly subject: { readonly text: string; readonly at: number } | null;
  readonly affiliations: readonly RoomAffiliation[];
  readonly occupants: readonly RoomOccupant[];
}

export interface AffiliationChange {
  /** Bare JID or domain. */
  readonly jid: Jid;
  readonly to: RoomStanding | "none";
  readonly nick?: string | undefined;
  readonly reason?: string | undefined;
}

/** What a room is about, as somebody has said (XEP-0045 8.1). */
export interface RoomSubject {
  readonly text: string;
  /** null: the room itself. */
  readonly nick: string | null;
  readonly at: number;
}

/** Something that was said in a room before it was here. */
export interface RoomPast {
  readonly key: MessageKey;
  readonly nick: string;
  /** Who it was; null: nobody knows. */
  readonly sender: Jid | null;
  readonly message: Stanza;
}

/** Why a room goes, and where its occupants go instead (XEP-0045 10.9). */
export interface RoomDestruction {
  readonly venue?: Jid | undefined;
  readonly reason?: string | undefined;
}

/**
 * What admins do with the rooms of one service, as if they owned them. Occupants are told of it as of what owners do. All of it
 * settles when it is on disk; `false`: there is no such room. Throws StanzaError for what the protocol does not allow.
 */
export interface RoomService {
  /** Its domain. */
  readonly name: string;
  readonly host: Host;
  /** How many are in a room, by its local part; rooms without anybody are left out. */
  occupied(): ReadonlyMap<string, number>;
  read(local: string): Promise<RoomState | null>;
  /** false: there is one of that name. */
  create(room: Jid, owner: Jid, settings: RoomChange): Promise<boolean>;
  configure(local: string, change: RoomChange): Promise<boolean>;
  setSubject(local: string, subject: RoomSubject): Promise<boolean>;
  /** Puts messages into its archive; one that is there already stays as it is, and what occupants could not have said is left out. */
  remember(local: string, past: readonly RoomPast[]): Promise<boolean>;
  /** All of the changes or none. */
  affiliate(local: string, changes: readonly AffiliationChange[]): Promise<boolean>;
  /** `none`: they leave. */
  setRole(local: string, nick: string, role: RoomOccupant["role"] | "none", reason: string): Promise<boolean>;
  destroy(local: string, destruction: RoomDestruction): Promise<boolean>;
}

/** The services for rooms that run here, by domain. */
export class RoomServices {
  readonly #byDomain = new Map<string, RoomService>();
  readonly #listeners = new Set<(room: string) => void>();

  /** A service runs, until the function returned is called. */
  add(service: RoomService): () => void {
    this.#byDomain.set(service.name, service);
    return () => {
      if (this.#byDomain.get(service.name) === service) this.#byDomain.delete(service.name);
    };
  }

  get(domain: string): RoomService | undefined {
    return this.#byDomain.get(domain);
  }

  /** Those of some hosts, or of all (left out). */
  of(hosts?: readonly string[]): RoomService[] {
    return [...this.#byDomain.values()].filter(({ host }) => hosts === undefined || hosts.includes(host.name));
  }

  /** Something about a room changed that a list of rooms shows: whether somebody is in it, or what it is. */
  changed(room: string): void {
    for (const listener of this.#listeners) listener(room);
  }

  onChange(listener: (room: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const roomServicesOf = onePerServer(() => new RoomServices());
