import type { contract } from "../../lib/contracts/index.ts";
import { negated } from "../../lib/contracts/negation.ts";
import type { Room, RoomDetail, RoomFilter, RoomMember, RoomOccupant } from "../../lib/contracts/rooms.ts";
import { type RoomService, roomServicesOf, type RoomState } from "../features/room-services.ts";
import type { RoomFilter as StoredFilter, RoomReport } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { accountJid, hostName } from "./address.ts";
import { affiliateSome } from "./affiliate.ts";
import type { Call } from "./call.ts";
import { type AdminError, badInput, refused } from "./errors.ts";
import { bodyOf } from "./message-body.ts";
import { pageBy } from "./page.ts";
import type { Admin } from "./parts.ts";
import { refusing } from "./refusing.ts";
import { roomRemovals } from "./room-removals.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const dayMs = 86_400_000;
/** Of one page of a history. */
const maxHistoryBytes = 1024 * 1024;

export function rooms(admin: Admin): Verbs<typeof contract.rooms> {
  const { core, events } = admin;
  const { stores, clock } = core;
  const roomServices = roomServicesOf(core);

  /** Throws `bad-input`, `not-found`, `forbidden`. */
  const find = (text: string, call: Call): { service: RoomService; room: Jid } => {
    const room = Jid.tryParse(text);
    if (room === undefined || room.local === "" || room.resource !== "") throw badInput("jid", "no-room-address");
    const service = roomServices.get(room.domain);
    if (service === undefined) throw refused("not-found", "no-room-service", { domain: room.domain });
    call.keepTo(service.host.name);
    if (call.audit !== null) call.note(room.bare);
    return { service, room };
  };

  const stateOf = async (service: RoomService, room: Jid): Promise<RoomState> => {
    const state = await service.read(room.local);
    if (state === null) throw missing(room);
    return state;
  };

  const describe = (report: RoomReport): Room => {
    const { host: domain, local, createdAt, usedAt, lastMessageAt, ...rest } = report;
    const service = roomServices.get(domain);
    return {
      ...rest,
      jid: `${local}@${domain}`,
      host: service?.host.name ?? "",
      occupants: service?.occupied().get(local) ?? 0,
      createdAt: timestamp(createdAt),
      usedAt: timestamp(usedAt),
      lastMessageAt: timestampOrNull(lastMessageAt),
    };
  };

  const detail = async (service: RoomService, room: Jid): Promise<RoomDetail> => {
    const { settings, hasPassword, subject } = await stateOf(service, room);
    const only = { hosts: [service.name], among: { rooms: [room.bare], is: true } };
    const [report] = (await stores.rooms.report(only, { limit: 1 })).items;
    if (report === undefined) throw missing(room);
    const told = subject === null ? null : { text: subject.text, at: timestamp(subject.at) };
    return { ...describe(report), settings, hasPassword, subject: told };
  };

  const filterOf = ({ host, search, unusedDays, ...filter }: RoomFilter, call: Call): StoredFilter => {
    const not = negated(filter);
    const occupied = not.has("occupied") ? opposite(filter.occupied) : filter.occupied;
    const persistent = not.has("persistent") ? opposite(filter.persistent) : filter.persistent;
    const services = roomServices.of(call.hosts(host === undefined ? undefined : hostName(host)));
    const inUse = (): string[] =>
      services.flatMap((service) => [...service.occupied().keys()].map((local) => `${local}@${service.name}`));
    return {
      hosts: services.map(({ name }) => name),
      search,
      // Somebody who has been there for long does not make a room unused.
      ...(occupied !== undefined || unusedDays !== undefined
        ? { among: { rooms: inUse(), is: occupied === "yes" && unusedDays === undefined } }
        : {}),
      ...(unusedDays === undefined ? {} : { unusedSince: clock.now() - unusedDays * dayMs }),
      ...(persistent === undefined ? {} : { isPersistent: persistent === "yes" }),
    };
  };

  return {
    async list({ cursor, limit, ...filter }, call) {
      const page = await stores.rooms.report(filterOf(filter, call), { cursor, limit });
      return { ...page, items: page.items.map(describe) };
    },

    async ofUser({ jid: text }) {
      const jid = accountJid(core, text);
      const found = await Promise.all(
        roomServices.of().map(async ({ name }) => {
          const rows = await stores.rooms.affiliatedWith(name, jid.bare);
          return rows.map(({ local, affiliation }) => ({ room: `${local}@${name}`, affiliation }));
        }),
      );
      return { items: found.flat() };
    },

    get({ jid }, call) {
      const { service, room } = find(jid, call);
      return detail(service, room);
    },

    async create({ jid, owner: ownerText, settings }, call) {
      const { service, room } = find(jid, call);
      const owner = Jid.tryParse(ownerText);
      if (owner === undefined || owner.local === "") throw badInput("owner", "no-bare-address");
      if (!(await refusing(() => service.create(room, owner.toBare(), settings))))
        throw refused("exists", "room-exists", { jid: room.bare });
      events.publish("rooms", null, call.author);
      return detail(service, room);
    },

    async configure({ jid, settings }, call) {
      const { service, room } = find(jid, call);
      const before = (await stateOf(service, room)).settings;
      if (!(await refusing(() => service.configure(room.local, settings)))) throw missing(room);
      call.note(room.bare, { before: changedBefore(before, settings) });
      events.publish("rooms", null, call.author);
      return detail(service, room);
    },

    async affiliations({ jid, affiliation, search = "", cursor, limit }, call) {
      const { service, room } = find(jid, call);
      const { affiliations } = await stateOf(service, room);
      const text = search.toLowerCase();
      const matching = affiliations.filter(
        (one) =>
          (affiliation === undefined || one.affiliation === affiliation) &&
          (one.jid.includes(text) || one.nick?.toLowerCase().includes(text) === true),
      );
      return pageBy<RoomMember>(matching, (one) => one.jid, { cursor, limit });
    },

    async affiliate({ jid, changes }, call) {
      const { service, room } = find(jid, call);
      await stateOf(service, room);
      const outcome = await affiliateSome(service, room, changes);
      call.note(room.bare, { changed: outcome.changed, failed: outcome.failed.length });
      events.publish("rooms", null, call.author);
      return outcome;
    },

    async occupants({ jid, cursor, limit }, call) {
      const { service, room } = find(jid, call);
      const { occupants } = await stateOf(service, room);
      return pageBy<RoomOccupant>(occupants, (one) => one.nick, { cursor, limit });
    },

    async setRole({ jid, nick, role, reason }, call) {
      const { service, room } = find(jid, call);
      if (!(await refusing(() => service.setRole(room.local, nick, role, reason)))) throw missing(room);
      events.publish("rooms", null, call.author);
      return { ok: true };
    },

    async history({ jid, search, cursor, limit }, call) {
      const { service, room } = find(jid, call);
      await stateOf(service, room);
      const before = cursor === undefined ? undefined : keyOf(cursor);
      const page = await stores.archive.query({
        host: service.name,
        local: room.local,
        ...(before === undefined ? {} : { before: [before] }),
        ...(search === undefined || search === "" ? {} : { text: search }),
        from: "end",
        limit,
        maxBytes: maxHistoryBytes,
      });
      // The message that the cursor names was deleted: what is left before it is not known.
      if (page === null) throw badInput("cursor", "stale-cursor");
      const items = page.items.toReversed();
      const last = items.at(-1);
      return {
        items: items.map(({ key, at, peer, xml }) => ({
          id: String(key.id),
          at: timestamp(at),
          nick: nickOf(xml),
          from: peer,
          body: bodyOf(xml),
        })),
        nextCursor: page.isComplete || last === undefined ? null : `${last.key.id}-${last.key.salt}`,
        total: null,
      };
    },

    async remove({ jid, reason, venue: venueText }, call) {
      const { service, room } = find(jid, call);
      const venue = venueOf(venueText);
      if (!(await refusing(() => service.destroy(room.local, { venue, ...(reason === "" ? {} : { reason }) }))))
        throw missing(room);
      events.publish("rooms", null, call.author);
      return { ok: true };
    },

    ...roomRemovals(admin, { filterOf, describe, venueOf }),
  };
}

function missing(room: Jid): AdminError {
  return refused("not-found", "room-missing", { jid: room.bare });
}

function venueOf(text: string | undefined): Jid | undefined {
  if (text === undefined) return undefined;
  const venue = Jid.tryParse(text);
  if (venue === undefined || venue.local === "") throw badInput("venue", "no-room-address");
  return venue.toBare();
}

/** What of the settings is changed, as it was. */
function changedBefore(before: RoomState["settings"], change: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(before).filter(([name]) => Object.hasOwn(change, name)));
}

function keyOf(cursor: string): { id: number; salt: number } {
  const [, id, salt] = /^(\d{1,16})-(\d{1,16})$/.exec(cursor) ?? [];
  if (id === undefined || salt === undefined) throw badInput("cursor", "no-cursor");
  return { id: Number(id), salt: Number(salt) };
}

function nickOf(xml: string): string {
  const [, from = ""] = /\sfrom='([^']*)'/.exec(xml) ?? [];
  return Jid.tryParse(from)?.resource ?? "";
}

const opposite = (answer: "yes" | "no" | undefined): "yes" | "no" | undefined =>
  answer === undefined ? undefined : answer === "yes" ? "no" : "yes";
