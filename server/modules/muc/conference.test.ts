import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLog } from "../../core/log.ts";
import { type TestServer, testServer } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { RoomArchive } from "./archive.ts";
import { Conference, idleMs } from "./conference.ts";
import { RoomOptions } from "./options.ts";
import type { Room } from "./room.ts";

const name = "conference.macbeth.example";
const owner = Jid.parse("crone1@macbeth.example");

let server: TestServer;
let conference: Conference;

beforeEach(async () => {
  server = await testServer({ modules: [], hosts: ["macbeth.example"] });
  const { core } = server;
  const log = createLog("warn", (record) => server.complaints.push(record));
  const host = core.hosts.get("macbeth.example")!;
  const options = RoomOptions.parse({ default_persistent: true });
  conference = new Conference({ core, host, name, options, archive: new RoomArchive(core, log), log });
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

/** A room that somebody was in. */
function left(local: string): Room {
  const room = conference.create(Jid.of(local, name), owner);
  conference.entered(room, true);
  conference.emptied(room);
  return room;
}
const found = (local: string): Room | null | Promise<Room | null> => conference.withRoom(local, (room) => room);
const loaded = (): string[] => [...conference.loaded()].map(({ jid }) => jid.local);

describe("rooms without anybody in them", () => {
  test("leave memory after a while, and come back as they were", async () => {
    const room = left("coven");
    room.config = { ...room.config, name: "A Dark Cave" };
    room.avatarHash = "0123";
    await conference.save(room);
    await conference.affiliate(room, [
      { jid: "hag66@macbeth.example", affiliation: "member", nick: "Hag", reason: null },
    ]);
    server.clock.advance(idleMs - 1);
    conference.sweep();
    expect(loaded()).toEqual(["coven"]);
    server.clock.advance(1);
    conference.sweep();
    expect([loaded(), room.isGone]).toEqual([[], true]);
    const again = (await found("coven"))!;
    expect(again).not.toBe(room);
    expect([again.config, again.secret, again.avatarHash]).toEqual([room.config, room.secret, "0123"]);
    expect(again.affiliations).toEqual(room.affiliations);
    expect(again.registeredNicks.hasOther("hag", "crone1@macbeth.example")).toBe(true);
    expect(again.registeredNicks.hasOther("hag", "hag66@macbeth.example")).toBe(false);
  });

  test("stay while they are used", async () => {
    left("coven");
    server.clock.advance(idleMs - 1);
    await found("coven");
    server.clock.advance(1);
    conference.sweep();
    expect(loaded()).toEqual(["coven"]);
  });

  test("are no more than so many", () => {
    for (let n = 0; n <= 1000; n += 1) left(`r${n}`);
    expect(loaded().length).toBe(1000);
    expect(found("r1000")).not.toBeInstanceOf(Promise);
    expect(found("r0")).toBeInstanceOf(Promise);
  });

  test("go for good when they are temporary", async () => {
    const room = conference.create(Jid.of("coven", name), owner);
    room.config = { ...room.config, isPersistent: false };
    conference.emptied(room);
    expect(await found("coven")).toBeNull();
  });
});

test("a room is read once, however many ask for it at the same time", async () => {
  left("coven");
  server.clock.advance(idleMs);
  conference.sweep();
  const [one, other] = await Promise.all([found("coven"), found("coven")]);
  expect(one).toBe(other);
  expect(await found("heath")).toBeNull();
});

test("a room that several make at the same time is one, of the first of them", async () => {
  const make = (): Promise<Room> =>
    Promise.resolve(conference.withRoom("coven", (room) => room ?? conference.create(Jid.of("coven", name), owner)));
  const [one, other] = await Promise.all([make(), make()]);
  expect(one).toBe(other);
});

test("a room that leaves memory before who asked for it could use it is read again", async () => {
  left("coven");
  server.clock.advance(idleMs);
  conference.sweep();
  const first = conference.withRoom("coven", () => {
    server.clock.advance(idleMs);
    conference.sweep();
  });
  expect(await conference.withRoom("coven", (room) => room?.isGone)).toBe(false);
  await first;
});
