import { randomBytes } from "node:crypto";
import type { Core } from "../../core/core.ts";
import type { Host } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import { PerMinute } from "../../core/per-minute.ts";
import type { Origin } from "../../core/session.ts";
import { type RoomServices, roomServicesOf } from "../../features/room-services.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { RoomArchive } from "./archive.ts";
import { newConfig } from "./config.ts";
import { roomDocument, roomFrom } from "./document.ts";
import type { RoomOptions } from "./options.ts";
import { Room } from "./room.ts";
import type { Standing } from "./standing.ts";
import { type MemberWishes, memberWishesOf } from "./wishes.ts";

/** Rooms without anybody in them that stay in memory, and for how long. */
const maxIdle = 1000;
export const idleMs = 60_000;
const secretBytes = 32;

/** The rooms of one service: those in memory, and the way to the others. */
export class Conference {
  readonly core: Core;
  readonly host: Host;
  /** Its domain. */
  readonly name: string;
  readonly options: RoomOptions;
  readonly archive: RoomArchive;
  readonly origin: Origin;
  readonly wishes: MemberWishes;
  readonly #log: Log;
  readonly #services: RoomServices;
  readonly #rooms = new Map<string, Room>();
  readonly #loading = new Map<string, Promise<Room | null>>();
  /** When rooms without anybody in them were last used, the one that was used least lately first. */
  readonly #idle = new Map<Room, number>();
  readonly #created: PerMinute;
  /** Who made a room by entering it, by bare JID. */
  readonly #makers = new WeakMap<Room, string>();

  constructor(parts: { core: Core; host: Host; name: string; options: RoomOptions; archive: RoomArchive; log: Log }) {
    this.core = parts.core;
    this.host = parts.host;
    this.name = parts.name;
    this.options = parts.options;
    this.archive = parts.archive;
    this.wishes = memberWishesOf(parts.core);
    this.#created = new PerMinute(parts.options.max_created_per_minute);
    this.#log = parts.log;
    this.#services = roomServicesOf(parts.core);
    // Answers to what a room sends, errors among them, come back to it. Not in the turn in which it still sends.
    this.origin = {
      answer: (stanza) => queueMicrotask(() => void this.core.router.send(stanza, this.origin)),
      awaitCommit() {},
      session: null,
    };
  }

  /**
   * Hands over the room of that name; null: there is none. At once for a room in memory. What `deal` does before it waits for
   * anything is done to the one room that everybody sees.
   */
  withRoom<T>(local: string, deal: (room: Room | null) => T | Promise<T>): T | Promise<T> {
    const room = this.#rooms.get(local);
    if (room !== undefined) {
      if (room.isEmpty) this.#touch(room);
      return deal(room);
    }
    const loading = this.#loading.get(local) ?? this.#load(local);
    return loading.then((found) => {
      // Somebody who asked at the same time may have made it; it may also have left memory again.
      const now = this.#rooms.get(local);
      return now === undefined && found !== null ? this.withRoom(local, deal) : deal(now ?? null);
    });
  }

  loaded(): Iterable<Room> {
    return this.#rooms.values();
  }

  /** A room that is not there yet, with `owner` as its first owner. */
  create(jid: Jid, owner: Jid): Room {
    const now = this.core.clock.now();
    const room = new Room({
      jid,
      config: newConfig(this.options),
      secret: randomBytes(secretBytes).toString("base64url"),
      createdAt: now,
      usedAt: now,
      maxHistory: this.options.max_history,
      maxPerSecond: this.options.max_per_second,
      quietAbove: this.options.quiet_above,
      affiliations: [{ jid: owner.bare, affiliation: "owner", nick: null, reason: null }],
    });
    this.#rooms.set(jid.local, room);
    void this.#write(
      this.core.stores.rooms.create({ ...roomDocument(room), affiliations: [...room.affiliations.values()] }),
    );
    return room;
  }

  /** Does `user` make rooms faster than is allowed? Counts this one. */
  isCreatingTooFast(user: Jid): boolean {
    return !this.#created.take(user.bare, this.core.clock.now());
  }

  /** Counts the room for `user` until it is removed. */
  madeBy(room: Room, user: Jid): void {
    this.#makers.set(room, user.bare);
  }

  /** May `user` make rooms (access rule `muc_create`, without it all accounts of this server)? */
  mayCreate(user: Jid): boolean {
    return this.#allows("muc_create", "local", user);
  }

  /** Service admins are owners of every room (access rule `muc_admin`, without it whoever may configure the server). */
  isAdmin(user: Jid): boolean {
    return this.#allows("muc_admin", "configure", user);
  }

  /** What `user` may do in a room, whether they are in it or not. */
  standing(room: Room, user: Jid): Standing {
    return this.isAdmin(user) ? "owner" : room.standing(user);
  }

  /** The room's configuration, subject or avatar changed. */
  save(room: Room): Promise<unknown> {
    this.#services.changed(room.jid.bare);
    return this.#write(this.core.stores.rooms.update(this.name, room.jid.local, roomDocument(room)));
  }

  affiliate(
    room: Room,
    changes: readonly {
      jid: string;
      affiliation: Exclude<Standing, "none"> | null;
      nick: string | null;
      reason: string | null;
    }[],
  ): Promise<unknown> {
    for (const { affiliation, ...entry } of changes)
      room.setAffiliation(entry.jid, affiliation === null ? null : { ...entry, affiliation });
    return this.#write(this.core.stores.rooms.affiliate(this.name, room.jid.local, changes));
  }

  /** Takes the room out of the store as well. */
  remove(room: Room): Promise<unknown> {
    const maker = this.#makers.get(room);
    // Who makes rooms and removes them again floods nobody.
    if (maker !== undefined) this.#created.giveBack(maker);
    this.#makers.delete(room);
    this.#drop(room);
    this.#services.changed(room.jid.bare);
    return this.#write(this.core.stores.rooms.remove(this.name, room.jid.local));
  }

  /** The last one has left: a temporary room goes, another one may leave memory. */
  emptied(room: Room): void {
    if (room.isGone) return;
    if (room.config.isPersistent) {
      this.#touch(room);
      this.#used(room);
    } else void this.remove(room);
  }

  /** Somebody is there; `isFirst`: nobody was. */
  entered(room: Room, isFirst: boolean): void {
    this.#idle.delete(room);
    if (isFirst) this.#used(room);
  }

  /** An empty room leaves memory at once: whoever comes next reads it anew. */
  putAway(room: Room): void {
    if (room.isEmpty) this.#drop(room);
  }

  /** Rooms that have been empty for a while leave memory. */
  sweep(): void {
    const before = this.core.clock.now() - idleMs;
    for (const [room, at] of this.#idle) {
      if (at > before) break;
      this.#drop(room);
    }
  }

  readonly send = (stanza: Stanza, from: Jid, to: Jid): void => {
    const { router, hosts } = this.core;
    void router.route({ stanza, from, to, origin: this.origin, host: hosts.entity(to.domain) });
  };

  #load(local: string): Promise<Room | null> {
    const loading = this.#read(local).finally(() => this.#loading.delete(local));
    this.#loading.set(local, loading);
    return loading;
  }

  async #read(local: string): Promise<Room | null> {
    const stored = await this.core.stores.rooms.find(this.name, local);
    if (stored === null) return null;
    const room = roomFrom(stored, this.options);
    if (room.config.isArchived) {
      for (const said of await this.archive.latest(room, this.options.max_history)) room.history.add(said);
    }
    // Somebody may have made it meanwhile, if there was none when the store was asked.
    const rival = this.#rooms.get(local);
    if (rival !== undefined) return rival;
    this.#rooms.set(local, room);
    this.#touch(room);
    return room;
  }

  #used(room: Room): void {
    room.usedAt = this.core.clock.now();
    void this.#write(this.core.stores.rooms.used(this.name, room.jid.local, room.usedAt));
    this.#services.changed(room.jid.bare);
  }

  #touch(room: Room): void {
    this.#idle.delete(room);
    this.#idle.set(room, this.core.clock.now());
    if (this.#idle.size <= maxIdle) return;
    const [oldest] = this.#idle.keys();
    if (oldest !== undefined) this.#drop(oldest);
  }

  #drop(room: Room): void {
    room.isGone = true;
    this.#idle.delete(room);
    if (this.#rooms.get(room.jid.local) === room) this.#rooms.delete(room.jid.local);
  }

  #allows(rule: string, otherwise: string, jid: Jid): boolean {
    const { policy } = this.core;
    const isThere =
      Object.hasOwn(policy.document.accessRules, rule) ||
      Object.hasOwn(policy.document.hosts[this.host.name]?.accessRules ?? {}, rule);
    return policy.allows(isThere ? rule : otherwise, { jid, ip: null, host: this.host.name });
  }

  #write(write: Promise<unknown>): Promise<unknown> {
    return write.catch((error: unknown) => {
      this.#log.error("a room could not be stored", { service: this.name, error: String(error) });
    });
  }
}
