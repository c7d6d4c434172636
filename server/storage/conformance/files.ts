import { expect, it } from "vitest";
import type { FileFilter, FileLimits, NewFile } from "../ports.ts";
import { account, allPages, HOST, type StoresOf } from "./samples.ts";

const dayMs = 86_400_000;
const T = 10 * dayMs;
const roomy: FileLimits = { maxSlots: 10, maxBytes: 1000, maxBytesADay: 1000, maxBytesOfHost: 1000 };

function file(id: string, changes: Partial<NewFile> = {}): NewFile {
  const createdAt = changes.createdAt ?? T;
  return {
    id,
    hash: `hash of ${id}`,
    host: HOST,
    local: "romeo",
    name: "très cool.jpg",
    mediaType: "image/jpeg",
    size: 100,
    createdAt,
    keepUntil: createdAt + 30 * dayMs,
    endsAt: createdAt + 300,
    place: "disk",
    ...changes,
  };
}

export function filesConformance(storesOf: StoresOf): void {
  it("keeps what may come and what is there, found by id and by the hash of the token", async () => {
    const { files } = storesOf();
    const { hash, ...row } = file("a");
    expect(await files.reserve({ ...row, hash }, roomy)).toEqual({ outcome: "reserved" });
    expect(await files.find("a")).toEqual({ ...row, storedAt: null });
    expect(await files.findByHash(hash)).toEqual({ ...row, storedAt: null });
    expect(await files.find(hash)).toBeNull();
    expect(await files.findByHash("a")).toBeNull();
    expect(await files.stored("a", T + 5)).toBe(true);
    expect(await files.stored("a", T + 6)).toBe(false);
    expect(await files.stored("b", T + 6)).toBe(false);
    expect(await files.find("a")).toEqual({ ...row, endsAt: row.keepUntil, storedAt: T + 5 });
  });

  it.each([
    ["slots", { maxSlots: 2 }, T + 300],
    ["day", { maxBytesADay: 250 }, T + dayMs],
    ["account", { maxBytes: 250 }, T + 300],
    ["host", { maxBytesOfHost: 250 }, null],
  ] as const)("refuses what would exceed the limit: %s", async (outcome, limit, retryAt) => {
    const { files } = storesOf();
    const limits = { ...roomy, ...limit };
    await files.reserve(file("a"), limits);
    await files.reserve(file("b"), limits);
    expect(await files.reserve(file("c"), limits)).toEqual({ outcome, retryAt });
    expect(await files.find("c")).toBeNull();
    const others = await files.reserve(file("d", { local: "juliet" }), limits);
    expect(others.outcome).toBe(outcome === "host" ? "host" : "reserved");
    expect((await files.reserve(file("e", { host: "other.lit" }), limits)).outcome).toBe("reserved");
  });

  it("has room again when a day is over, when slots are, and when files are gone", async () => {
    const { files } = storesOf();
    const limits = { maxSlots: 1, maxBytes: 300, maxBytesADay: 150, maxBytesOfHost: 1000 };
    await files.reserve(file("a"), limits);
    expect((await files.reserve(file("b", { createdAt: T + 299 }), limits)).outcome).toBe("slots");
    expect((await files.reserve(file("b", { createdAt: T + 300 }), limits)).outcome).toBe("day");
    const reserved = await files.reserve(file("b", { createdAt: T + dayMs }), limits);
    expect(reserved.outcome).toBe("reserved");
    expect([await files.totalOf(HOST, "romeo"), await files.totalOf(HOST, "")]).toEqual([200, 200]);
    await files.remove(["a", "none"]);
    await files.remove(["a"]);
    expect([await files.totalOf(HOST, "romeo"), await files.totalOf(HOST, "")]).toEqual([100, 100]);
  });

  it("of many at once takes no more than fit", async () => {
    const { files } = storesOf();
    const ids = Array.from({ length: 20 }, (_, index) => `f${index}`);
    const limits = { ...roomy, maxSlots: 50, maxBytes: 500 };
    const outcomes = await Promise.all(ids.map((id) => files.reserve(file(id), limits)));
    expect(outcomes.filter(({ outcome }) => outcome === "reserved")).toHaveLength(5);
  });

  it("tells what has ended, in steps", async () => {
    const { files } = storesOf();
    for (const id of ["c", "a", "b"]) await files.reserve(file(id, { createdAt: T + id.charCodeAt(0) }), roomy);
    await files.stored("b", T + 200);
    const ended = async (now: number, limit: number) => (await files.ended(now, limit)).map(({ id }) => id);
    expect(await ended(T + 396, 10)).toEqual([]);
    expect(await ended(T + 1000, 1)).toEqual(["a"]);
    expect(await ended(T + 1000, 10)).toEqual(["a", "c"]);
    expect(await ended(T + 31 * dayMs, 10)).toEqual(["a", "c", "b"]);
  });

  it("tells where what has ended is, and leaves out places that are out of reach", async () => {
    const { files } = storesOf();
    await files.reserve(file("a", { place: "s3" }), roomy);
    await files.reserve(file("b", { place: "s3", host: "other.lit" }), roomy);
    await files.reserve(file("c"), roomy);
    expect(await files.ended(T + 1000, 10)).toEqual([
      { id: "a", host: HOST, place: "s3" },
      { id: "b", host: "other.lit", place: "s3" },
      { id: "c", host: HOST, place: "disk" },
    ]);
    expect((await files.ended(T + 1000, 10, [`s3 ${HOST}`])).map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("ends files by id or by account, once", async () => {
    const { files } = storesOf();
    for (const id of ["a", "b", "c"]) await files.reserve(file(id), roomy);
    await files.reserve(file("j", { local: "juliet" }), roomy);
    expect(await files.end(["a", "none"])).toEqual({ files: 1, bytes: 100 });
    expect(await files.end(["a"])).toEqual({ files: 0, bytes: 0 });
    expect(await files.endOf(HOST, "romeo")).toEqual({ files: 2, bytes: 200 });
    expect((await files.ended(T, 10)).map(({ id }) => id).toSorted()).toEqual(["a", "b", "c"]);
    expect((await files.find("j"))?.endsAt).toBe(T + 300);
  });

  it("lists files newest first, by host, account, words and state", async () => {
    const { files } = storesOf();
    for (const [index, id] of ["a", "b", "c", "d"].entries())
      await files.reserve(file(id, { createdAt: T + index }), roomy);
    await files.reserve(
      file("m", { name: "Talk.MP4", mediaType: "video/mp4", local: "juliet", createdAt: T + 9 }),
      roomy,
    );
    await files.reserve(file("o", { host: "other.lit", createdAt: T + 10 }), roomy);
    await files.stored("b", T + 20);
    const list = async (filter: Partial<FileFilter>) => {
      const pages = await allPages((cursor) => files.list({ now: T + 20, ...filter }, { cursor, limit: 2 }));
      return pages.map(({ id }) => id).join("");
    };
    expect(await list({})).toBe("omdcba");
    expect(await list({ hosts: [HOST] })).toBe("mdcba");
    expect(await list({ hosts: [HOST], local: "juliet" })).toBe("m");
    for (const search of ["talk", "VIDEO/"]) expect(await list({ search })).toBe("m");
    expect(await list({ state: "stored" })).toBe("b");
    expect(await list({ state: "stored", isNotState: true })).not.toContain("b");
    expect(await list({ state: "waiting", hosts: [HOST] })).toBe("mdca");
    expect(await list({ state: "ended", now: T + 302 })).toBe("ca");
    expect((await files.list({ now: T }, { limit: 1 })).total).toBe(6);
  });

  it("tells what hosts and accounts take, the most first", async () => {
    const { files } = storesOf();
    await files.reserve(file("a", { size: 10 }), roomy);
    await files.reserve(file("b", { size: 20, createdAt: T + 5 }), roomy);
    await files.reserve(file("j", { local: "juliet", size: 200 }), roomy);
    await files.reserve(file("o", { host: "other.lit", size: 7 }), roomy);
    expect(await files.usageOfHosts()).toEqual([
      { host: HOST, local: "", bytes: 230, files: 3, newestAt: T + 5 },
      { host: "other.lit", local: "", bytes: 7, files: 1, newestAt: T },
    ]);
    const of = (hosts?: readonly string[]) => allPages((cursor) => files.usageOfAccounts(hosts, { cursor, limit: 1 }));
    expect(await of()).toEqual([
      { host: HOST, local: "juliet", bytes: 200, files: 1, newestAt: T },
      { host: HOST, local: "romeo", bytes: 30, files: 2, newestAt: T + 5 },
      { host: "other.lit", local: "romeo", bytes: 7, files: 1, newestAt: T },
    ]);
    expect((await of(["other.lit"])).map(({ bytes }) => bytes)).toEqual([7]);
  });

  it("ends the files of an account that is removed", async () => {
    const { accounts, files } = storesOf();
    await accounts.create(account("romeo"));
    await files.reserve(file("a"), roomy);
    await files.reserve(file("b"), roomy);
    await files.reserve(file("j", { local: "juliet" }), roomy);
    await files.stored("a", T);
    await accounts.remove(HOST, "romeo");
    expect((await files.find("a"))?.endsAt).toBe(0);
    expect(await files.stored("b", T)).toBe(false);
    expect((await files.ended(T, 10)).map(({ id }) => id).toSorted()).toEqual(["a", "b"]);
  });
}
