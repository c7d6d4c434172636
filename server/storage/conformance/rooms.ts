import { expect, it } from "vitest";
import type { RoomFilter, StoredRoom } from "../ports.ts";
import { account, allPages, HOST, type StoresOf } from "./samples.ts";

const SERVICE = `conference.${HOST}`;

function room(local: string, changes: Partial<StoredRoom> = {}): StoredRoom {
  return {
    host: SERVICE,
    local,
    name: "",
    isPublic: true,
    isPersistent: true,
    isMembersOnly: false,
    isModerated: false,
    isArchived: true,
    createdAt: 1000,
    usedAt: 1000,
    document: `{"room":"${local}"}`,
    affiliations: [{ jid: `juliet@${HOST}`, affiliation: "owner", nick: null, reason: null }],
    ...changes,
  };
}

export function roomsConformance(storesOf: StoresOf): void {
  it("keeps a room under its name, once", async () => {
    const { rooms } = storesOf();
    expect(await rooms.find(SERVICE, "ball")).toBeNull();
    expect(await rooms.create(room("ball"))).toBe(true);
    expect(await rooms.create(room("ball", { name: "Another" }))).toBe(false);
    expect(await rooms.find(SERVICE, "ball")).toEqual(room("ball"));
    expect(await rooms.find(`other.${HOST}`, "ball")).toBeNull();
    expect(await rooms.count(SERVICE)).toBe(1);
  });

  it("changes what a room is, and leaves the rest alone", async () => {
    const { rooms } = storesOf();
    const flags = { isPublic: false, isPersistent: false, isMembersOnly: true, isModerated: true, isArchived: false };
    const changes = { name: "The Ball", ...flags, document: "{}" };
    expect(await rooms.update(SERVICE, "ball", changes)).toBe(false);
    await rooms.create(room("ball"));
    expect(await rooms.update(SERVICE, "ball", changes)).toBe(true);
    expect(await rooms.find(SERVICE, "ball")).toEqual(room("ball", changes));
  });

  it("keeps affiliations with nicknames and reasons", async () => {
    const { rooms } = storesOf();
    const tybalt = { jid: "tybalt@x.example", affiliation: "outcast", nick: null, reason: "brawl" } as const;
    const nurse = { jid: `nurse@${HOST}`, affiliation: "member", nick: "Nurse", reason: null } as const;
    expect(await rooms.affiliate(SERVICE, "ball", [tybalt])).toBe(false);
    await rooms.create(room("ball"));
    expect(await rooms.affiliate(SERVICE, "ball", [tybalt, nurse])).toBe(true);
    expect((await rooms.find(SERVICE, "ball"))?.affiliations).toEqual([...room("ball").affiliations, nurse, tybalt]);
    await rooms.affiliate(SERVICE, "ball", [
      { ...tybalt, affiliation: null },
      { ...nurse, affiliation: "admin" },
    ]);
    expect((await rooms.find(SERVICE, "ball"))?.affiliations).toEqual([
      ...room("ball").affiliations,
      { ...nurse, affiliation: "admin" },
    ]);
    expect(await rooms.affiliatedWith(SERVICE, nurse.jid)).toEqual([{ local: "ball", affiliation: "admin" }]);
    expect(await rooms.affiliatedWith(SERVICE, tybalt.jid)).toEqual([]);
    await rooms.affiliate(SERVICE, "ball", [{ ...tybalt, affiliation: "outcast" }]);
    expect(await rooms.countWith([nurse.jid, tybalt.jid, "nobody@a.example"])).toEqual(new Map([[nurse.jid, 1]]));
    expect(await rooms.countWith([])).toEqual(new Map());
  });

  it("takes an account out of its rooms when it is removed, unless it is banned", async () => {
    const { rooms, accounts } = storesOf();
    await accounts.create(account("juliet"));
    await rooms.create(room("ball"));
    await rooms.create(
      room("tomb", {
        affiliations: [{ jid: `juliet@${HOST}`, affiliation: "outcast", nick: null, reason: null }],
      }),
    );
    await accounts.remove(HOST, "juliet");
    expect(await rooms.affiliatedWith(SERVICE, `juliet@${HOST}`)).toEqual([{ local: "tomb", affiliation: "outcast" }]);
  });

  it("keeps a vCard", async () => {
    const { rooms } = storesOf();
    expect(await rooms.setVcard(SERVICE, "ball", "<vCard/>")).toBe(false);
    await rooms.create(room("ball"));
    expect(await rooms.vcard(SERVICE, "ball")).toBeNull();
    expect(await rooms.setVcard(SERVICE, "ball", "<vCard/>")).toBe(true);
    expect(await rooms.vcard(SERVICE, "ball")).toBe("<vCard/>");
    await rooms.setVcard(SERVICE, "ball", null);
    expect(await rooms.vcard(SERVICE, "ball")).toBeNull();
  });

  it("lists rooms by name, all or the public ones or those that match", async () => {
    const { rooms } = storesOf();
    for (const local of ["d", "a", "c", "b"]) await rooms.create(room(local, { isPublic: local !== "c" }));
    await rooms.create(room("x", { name: "The Ball" }));
    const names = async (query: { isPublic?: boolean; search?: string }) =>
      (await allPages((cursor) => rooms.list({ host: SERVICE, ...query, cursor, limit: 2 }))).map(({ local }) => local);
    expect(await names({})).toEqual(["a", "b", "c", "d", "x"]);
    expect(await names({ isPublic: true })).toEqual(["a", "b", "d", "x"]);
    expect(await names({ search: "ball" })).toEqual(["x"]);
    const after = await rooms.list({ host: SERVICE, after: "b", limit: 2 });
    expect(after.items.map(({ local }) => local)).toEqual(["c", "d"]);
    const [first] = (await rooms.list({ host: SERVICE, limit: 1 })).items;
    const { affiliations: _, document: __, ...summary } = room("a");
    expect(first).toEqual(summary);
  });

  it("keeps what was said in a room, until the room is removed", async () => {
    const { rooms, archive } = storesOf();
    const keep = (id: number) =>
      archive.keep([
        {
          type: "groupchat",
          xml: `<message><body>${id}</body></message>`,
          copies: [{ host: SERVICE, local: "ball", key: { id, salt: 7 }, peer: `juliet@${HOST}/x`, isOwn: false }],
        },
      ]);
    const read = async () =>
      (await archive.query({ host: SERVICE, local: "ball", from: "start", limit: 10, maxBytes: 1_000_000 }))?.items.map(
        ({ xml }) => xml,
      );
    await keep(2_000_000);
    expect(await read()).toEqual([]);
    await rooms.create(room("ball"));
    await keep(4_000_000);
    await keep(6_000_000);
    expect(await archive.rewrite(SERVICE, "ball", { id: 4_000_000, salt: 7 }, "<message/>")).toBe(true);
    expect(await archive.rewrite(SERVICE, "ball", { id: 4_000_000, salt: 8 }, "<message/>")).toBe(false);
    expect(await archive.rewrite(SERVICE, "hall", { id: 4_000_000, salt: 7 }, "<message/>")).toBe(false);
    expect(await read()).toEqual(["<message/>", "<message><body>6000000</body></message>"]);
    expect(await rooms.remove(SERVICE, "ball")).toBe(true);
    expect(await rooms.remove(SERVICE, "ball")).toBe(false);
    await rooms.create(room("ball"));
    expect(await read()).toEqual([]);
    while ((await archive.purge(100)) > 0);
  });

  it("reports on rooms page by page, with what is in them and when somebody was last there", async () => {
    const { rooms, archive } = storesOf();
    const other = `rooms.other.lit`;
    await rooms.create(room("ball", { name: "The Ball" }));
    await rooms.create(room("hall", { isPersistent: false, isMembersOnly: true, usedAt: 5000 }));
    await rooms.create(room("tomb", { usedAt: 9000 }));
    await rooms.create(room("cell", { host: other }));
    const copy = {
      host: SERVICE,
      local: "ball",
      key: { id: 2_000_000, salt: 7 },
      peer: `juliet@${HOST}/x`,
      isOwn: false,
    };
    await archive.keep([{ type: "groupchat", xml: "<message/>", copies: [copy] }]);
    const { affiliations, document: _, ...summary } = room("ball", { name: "The Ball" });
    const [ball] = (await rooms.report({ hosts: [SERVICE] }, { limit: 1 })).items;
    expect(ball).toEqual({ ...summary, affiliations: affiliations.length, lastMessageAt: 2000, messages: 1 });
    const names = async (filter: Partial<RoomFilter>) => {
      const all = await allPages((cursor) => rooms.report({ hosts: [SERVICE], ...filter }, { cursor, limit: 2 }));
      return all.map(({ local }) => local);
    };
    expect(await names({})).toEqual(["ball", "hall", "tomb"]);
    expect(await names({ hosts: [other, SERVICE] })).toEqual(["ball", "hall", "tomb", "cell"]);
    expect(await names({ hosts: [] })).toEqual([]);
    for (const search of ["the b", "BALL@conf"]) expect(await names({ search })).toEqual(["ball"]);
    expect(await names({ isPersistent: false })).toEqual(["hall"]);
    expect(await names({ unusedSince: 5001 })).toEqual(["ball", "hall"]);
    const among = { rooms: [`hall@${SERVICE}`, "nothing@here"], is: true };
    expect(await names({ among })).toEqual(["hall"]);
    expect(await names({ among: { ...among, is: false } })).toEqual(["ball", "tomb"]);
    expect((await rooms.report({ hosts: [SERVICE] }, { limit: 1 })).total).toBe(3);
    await rooms.used(SERVICE, "ball", 7000);
    expect(await names({ unusedSince: 5001 })).toEqual(["hall"]);
    expect((await rooms.find(SERVICE, "ball"))?.usedAt).toBe(7000);
  });

  it("removes temporary rooms in steps", async () => {
    const { rooms } = storesOf();
    for (const local of ["a", "b", "c"]) await rooms.create(room(local, { isPersistent: false }));
    await rooms.create(room("d"));
    expect(await rooms.removeTemporary(SERVICE, 2)).toBe(2);
    expect(await rooms.removeTemporary(SERVICE, 2)).toBe(1);
    expect(await rooms.removeTemporary(SERVICE, 2)).toBe(0);
    expect((await rooms.list({ host: SERVICE, limit: 10 })).items.map(({ local }) => local)).toEqual(["d"]);
  });
}
