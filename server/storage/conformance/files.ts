import { expect, it } from "vitest";
import type { FileLimits, NewFile } from "../ports.ts";
import { account, HOST, type StoresOf } from "./samples.ts";

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
    expect(await files.ended(T + 396, 10)).toEqual([]);
    expect(await files.ended(T + 1000, 1)).toEqual(["a"]);
    expect(await files.ended(T + 1000, 10)).toEqual(["a", "c"]);
    expect(await files.ended(T + 31 * dayMs, 10)).toEqual(["a", "c", "b"]);
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
    expect((await files.ended(T, 10)).toSorted()).toEqual(["a", "b"]);
  });
}
