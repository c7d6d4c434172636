import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { permissions } from "../../../lib/contracts/permissions.ts";
import { adminTestServer, type AdminTestServer, boss, user } from "../../admin/testing.ts";
import { DiskPlace } from "../../features/uploads/disk-place.ts";
import { uploadedFilesOf } from "../../features/uploads/uploaded-files.ts";
import { Jid } from "../../xmpp/jid.ts";
import { upload } from "./module.ts";

const api = "/api/v1/uploads";
const dayMs = 86_400_000;
const limits = { maxSlots: 10, maxBytes: 1e6, maxBytesADay: 1e6, maxBytesOfHost: 1e6 };

let directory: string;
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "nightpost-uploads-"));
  server = await adminTestServer({ modules: [upload] });
  const disk = await DiskPlace.in(directory, server.core.disk);
  uploadedFilesOf(server.core).serve({ disk, originOf: (host) => `https://${host}` });
  as = await server.signIn(boss);
});
afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

/** A file of an account, stored unless `isWaiting`; answers its id. */
async function file(jid: string, name: string, bytes: number, isWaiting = false): Promise<string> {
  const draft = { user: Jid.parse(jid), name, mediaType: "image/png", size: bytes, keepMs: dayMs };
  const slot = await uploadedFilesOf(server.core).reserve(draft, limits);
  if (!("put" in slot)) throw new Error(slot.outcome);
  const [id = "", token = ""] = [slot.get, slot.put].map((url) => url.split("/").at(-2)!);
  if (isWaiting) return id;
  const row = await uploadedFilesOf(server.core).slotOf(token);
  await uploadedFilesOf(server.core).take(row!, Readable.from([Buffer.alloc(bytes)]));
  return id;
}
const get = async (where: string, who = as) => (await server.ask("GET", where, { as: who })).body;
const names = async (query: string, who = as): Promise<string[]> =>
  ((await get(`${api}?${query}`, who))["items"] as { name: string }[]).map(({ name }) => name);
const audited = async () =>
  (await server.stores.admin.auditList({}, { limit: 5 })).items.map(({ action, object, result }) => [
    action,
    object,
    result,
  ]);

test("files are listed newest first, by host, account, words and state", async () => {
  await file(user, "one.png", 10);
  server.clock.advance(1);
  await file(boss, "two.png", 20);
  server.clock.advance(1);
  await file("x@b.example", "three.png", 30, true);
  expect(await names("")).toEqual(["three.png", "two.png", "one.png"]);
  expect(await names("host=a.example")).toEqual(["two.png", "one.png"]);
  expect(await names(`user=${user}`)).toEqual(["one.png"]);
  expect(await names("search=TWO")).toEqual(["two.png"]);
  expect(await names("state=waiting")).toEqual(["three.png"]);
  const held = await server.key(permissions, { hosts: ["b.example"] });
  expect(await names("", held)).toEqual(["three.png"]);
  expect(await server.ask("GET", `${api}?user=${user}`, { as: held })).toMatchObject({ status: 403 });
  const [first] = (await get(`${api}?user=${user}`))["items"] as object[];
  expect(first).toMatchObject({ user, bytes: 10, mediaType: "image/png", state: "stored", place: "disk" });
});

test("what hosts and accounts take and may take", async () => {
  await file(user, "one.png", 10);
  await file(boss, "two.png", 20);
  server.core.disk.seen(5e9);
  expect(await get(`${api}/services`)).toMatchObject({
    freeBytes: 5e9,
    items: [
      { host: "a.example", bytes: 30, files: 2, place: "disk", keepDays: 30, limits: { fileBytes: 100 * 1024 * 1024 } },
      { host: "b.example", bytes: 0, files: 0 },
    ],
  });
  expect((await get(`${api}/accounts`))["items"]).toMatchObject([
    { user: boss, bytes: 20, files: 1 },
    { user, bytes: 10, files: 1 },
  ]);
});

test("a file is deleted: its link is dead at once, its bytes soon after", async () => {
  const id = await file(user, "one.png", 10);
  expect(readdirSync(directory)).toEqual([id]);
  expect(await server.ask("DELETE", `${api}/${id}`, { as })).toMatchObject({ status: 200 });
  expect(await uploadedFilesOf(server.core).find(id)).toBeNull();
  await expect.poll(() => readdirSync(directory)).toEqual([]);
  await expect.poll(async () => names("")).toEqual([]);
  expect(await server.ask("DELETE", `${api}/${id}`, { as })).toMatchObject({ status: 404 });
  expect(await audited()).toEqual([
    ["upload.remove", id, "failed"],
    ["upload.remove", user, "done"],
  ]);
});

test("all files of an account are deleted, and nobody else's", async () => {
  await file(user, "one.png", 10);
  await file(user, "two.png", 20, true);
  const kept = await file(boss, "three.png", 30);
  const answer = await server.ask("DELETE", `/api/v1/users/${user}/uploads`, { as });
  expect(answer).toMatchObject({ status: 200, body: { files: 2, bytes: 30 } });
  await expect.poll(() => readdirSync(directory)).toEqual([kept]);
});

test("what has ended is deleted when somebody says so", async () => {
  await file(user, "one.png", 10);
  server.clock.advance(dayMs);
  as = await server.signIn(boss);
  expect(await names("state=ended")).toEqual(["one.png"]);
  expect((await server.ask("POST", `${api}/purge`, { as })).body).toEqual({ removed: 1 });
  expect(readdirSync(directory)).toEqual([]);
});
