import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { copyFile, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { manualClock } from "../core/clock.ts";
import { Secrets } from "../core/secrets.ts";
import { Backups, tidyBackups } from "../operations/backups/backups.ts";
import { type BackupError, extension } from "../operations/backups/manifest.ts";
import { applyStagedRestore } from "../operations/backups/restore.ts";
import { keyOf, newEncryption, Opener, Sealer } from "../operations/backups/sealing.ts";
import { tarEntries, TarWriter } from "../operations/backups/tar.ts";
import { account } from "../storage/conformance/samples.ts";
import { openSqlite } from "../storage/sqlite/client.ts";
import { latestVersion } from "../storage/sqlite/migrations/index.ts";
import { temporaryDirectories } from "../storage/sqlite/testing.ts";
import { vaultOf } from "../storage/sqlite/vault.ts";

const newDirectory = temporaryDirectories();
const passphrase = "correct horse battery";

/** A store with an account, and its backups. */
async function bench(data = newDirectory()) {
  const stores = await openSqlite({ directory: data });
  onTestFinished(() => stores.close());
  await stores.accounts.create(account("romeo"));
  const clock = manualClock();
  const secrets = await Secrets.open(join(data, "nightpost.key"));
  const configFile = join(data, "nightpost.yml");
  writeFileSync(configFile, "bind: 127.0.0.1\n");
  const backups = new Backups({ data, configFile, vault: vaultOf(data), secrets, clock, version: "1.2.3" });
  return { data, stores, clock, secrets, backups };
}

const noLimits = { maxSlots: 100, maxBytes: Infinity, maxBytesADay: Infinity, maxBytesOfHost: Infinity };

const fileSlot = (id: string, size: number, now: number) => ({
  id,
  hash: `hash of ${id}`,
  host: "montague.lit",
  local: "romeo",
  name: `${id}.png`,
  mediaType: "image/png",
  size,
  createdAt: now,
  keepUntil: now + 86_400_000,
  endsAt: now + 300_000,
});

const pathOf = (data: string, id: string): string => join(data, "backups", id + extension);

describe("backups", () => {
  it.each([null, passphrase])("are made beside the open store and can be restored (passphrase: %s)", async (secret) => {
    const { backups, stores, data } = await bench();
    const { manifest, check } = await backups.create("boss", secret);
    expect(manifest).toMatchObject({ createdBy: "boss", version: "1.2.3", storeVersion: latestVersion });
    expect(manifest.counts).toMatchObject({ accounts: 1, messages: 0 });
    expect(manifest.encryption === null).toBe(secret === null);
    const names = ["store.db", "nightpost.yml", ...(secret === null ? [] : ["nightpost.key"])];
    expect(manifest.files.map(({ name }) => name)).toEqual(names);
    expect(check).toBeNull();
    await stores.accounts.create(account("juliet"));
    expect(await backups.verify(manifest.id, secret)).toMatchObject({ ok: true, reason: "" });
    expect((await backups.list())[0]?.check?.ok).toBe(true);
    expect(readdirSync(join(data, "backups")).filter((name) => name.startsWith("."))).toEqual([]);
    const { before, after, opensSecrets } = await backups.preview(manifest.id);
    expect([before.counts["accounts"], after.counts["accounts"], opensSecrets]).toEqual([2, 1, true]);
  });

  it("with the store in use by a restore: what was there is backed up, and the next start has the old one", async () => {
    const { backups, stores, data, clock } = await bench();
    const { manifest } = await backups.create("boss", null);
    await stores.accounts.create(account("juliet"));
    clock.advance(5_000);
    const before = await backups.restore(manifest.id, null, "boss");
    expect(before.manifest.counts["accounts"]).toBe(2);
    expect(await stores.accounts.exists("montague.lit", "juliet").catch(() => true)).toBeDefined();
    await stores.close();
    const replaced = applyStagedRestore(data, clock.now());
    expect(existsSync(join(replaced!, "nightpost.db"))).toBe(true);
    expect(applyStagedRestore(data, clock.now())).toBeNull();
    const restored = await openSqlite({ directory: data });
    expect(await restored.accounts.count()).toBe(1);
    await restored.close();
  });

  describe("with what users have uploaded", () => {
    const contents = new Map([
      ["0a", Buffer.from("a picture")],
      ["0b", Buffer.alloc(200_000, "film")],
      ["0c", Buffer.alloc(0)],
    ]);

    /** Files that are on the disk, one whose bytes are gone, one that was cut, one in an object store and one that never came. */
    async function uploaded() {
      const { data, stores, backups, clock } = await bench();
      const directory = join(data, "uploads");
      mkdirSync(directory);
      const slot = (id: string, size: number, place: "disk" | "s3" = "disk") =>
        stores.files.reserve({ ...fileSlot(id, size, clock.now()), place }, noLimits);
      for (const [id, bytes] of contents) {
        await slot(id, bytes.length);
        writeFileSync(join(directory, id), bytes);
        await stores.files.stored(id, clock.now());
      }
      await slot("0d", 5);
      await stores.files.stored("0d", clock.now());
      await slot("0c1", 5);
      writeFileSync(join(directory, "0c1"), "cut");
      await stores.files.stored("0c1", clock.now());
      await slot("0e", 7, "s3");
      await stores.files.stored("0e", clock.now());
      await slot("0f", 9);
      writeFileSync(join(directory, "0f.part"), "half");
      return { data, stores, backups, directory };
    }

    it.each([null, passphrase])("all of it is restored, to the byte (passphrase: %s)", async (secret) => {
      const { data, stores, backups, directory } = await uploaded();
      const estimate = await backups.estimate();
      expect([estimate.storeBytes > 100_000, estimate.freeBytes > 0]).toEqual([true, true]);
      expect(estimate).toMatchObject({
        uploads: { files: 5, bytes: 200_019 },
        elsewhere: { files: 1, bytes: 7 },
      });
      const { manifest } = await backups.create("boss", secret);
      expect(manifest.uploads).toEqual({ files: 3, bytes: 200_009, missing: 2 });
      expect(await backups.verify(manifest.id, secret)).toMatchObject({ ok: true, reason: "" });
      writeFileSync(join(directory, "0a"), "a pict...");
      unlinkSync(join(directory, "0b"));
      await backups.restore(manifest.id, secret, "boss");
      await stores.close();
      const replaced = applyStagedRestore(data, 0);
      for (const [id, bytes] of contents) expect(readFileSync(join(directory, id)).equals(bytes), id).toBe(true);
      expect(readdirSync(directory).toSorted()).toEqual([...contents.keys()]);
      expect(readFileSync(join(replaced!, "uploads", "0a"), "utf8")).toBe("a pict...");
      expect(readdirSync(join(data, "backups")).filter((name) => name.startsWith("."))).toEqual([]);
    });

    it("none of it is in one that was made without, and a restore leaves what is there", async () => {
      const { data, stores, backups, directory } = await uploaded();
      const { manifest, bytes } = await backups.create("boss", null, false);
      expect([manifest.uploads, bytes < 200_000]).toEqual([null, true]);
      await backups.restore(manifest.id, null, "boss");
      await stores.close();
      applyStagedRestore(data, 0);
      expect(readFileSync(join(directory, "0a"), "utf8")).toBe("a picture");
    });

    it.each([
      ["changed", (bytes: Buffer, at: number) => bytes.fill(0, at, at + 1)],
      ["cut off", (bytes: Buffer, at: number) => bytes.subarray(0, at)],
    ])("a file of it that was %s is found by trying it out", async (_name, damage) => {
      const { data, backups } = await uploaded();
      const { manifest } = await backups.create("boss", null);
      const path = pathOf(data, manifest.id);
      const bytes = await readFile(path);
      await writeFile(path, damage(bytes, bytes.indexOf("filmfilm") + 1000));
      expect(await backups.verify(manifest.id, null)).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/damaged/),
      });
    });
  });

  it("brings the keys along that what is sealed was sealed with", async () => {
    const one = await bench();
    const sealed = one.secrets.seal("a secret", "place");
    const { manifest } = await one.backups.create("boss", passphrase);
    const other = await bench();
    mkdirSync(join(other.data, "backups"), { recursive: true });
    await copyFile(pathOf(one.data, manifest.id), pathOf(other.data, manifest.id));
    expect((await other.backups.preview(manifest.id)).opensSecrets).toBe(true);
    const own = other.secrets.seal("own", "");
    await other.backups.restore(manifest.id, passphrase, "boss");
    await other.stores.close();
    applyStagedRestore(other.data, 0);
    const joined = await Secrets.open(join(other.data, "nightpost.key"));
    expect([joined.open(sealed, "place"), joined.open(own)]).toEqual(["a secret", "own"]);
  });

  it("tells that sealed things cannot be opened without their key file", async () => {
    const one = await bench();
    const { manifest } = await one.backups.create("boss", null);
    const other = await bench();
    mkdirSync(join(other.data, "backups"), { recursive: true });
    await copyFile(pathOf(one.data, manifest.id), pathOf(other.data, manifest.id));
    expect((await other.backups.preview(manifest.id)).opensSecrets).toBe(false);
  });

  it("wants the passphrase, and says so", async () => {
    const { backups } = await bench();
    const { manifest } = await backups.create("boss", passphrase);
    expect(await backups.verify(manifest.id, null)).toMatchObject({
      ok: false,
      reason: /passphrase is needed/ as never,
    });
    expect((await backups.verify(manifest.id, "wrong horse battery")).reason).toMatch(/passphrase is wrong/);
    await expect(backups.restore(manifest.id, "wrong horse battery", "boss")).rejects.toMatchObject({
      code: "passphrase",
    });
  });

  it.each([
    [
      "one byte changed",
      async (path: string) => {
        const bytes = await readFile(path);
        const at = bytes.length - 3000;
        bytes[at] = bytes[at]! ^ 1;
        await writeFile(path, bytes);
      },
    ],
    [
      "cut in the middle",
      async (path: string) => {
        const bytes = await readFile(path);
        await writeFile(path, bytes.subarray(0, bytes.length >> 1));
      },
    ],
  ])("finds a damaged one by trying it out: %s", async (_name, damage) => {
    const { backups, data, stores } = await bench();
    for (let n = 0; n < 50; n += 1) await stores.accounts.create(account(`user${n}`));
    const { manifest } = await backups.create("boss", null);
    await damage(pathOf(data, manifest.id));
    const check = await backups
      .verify(manifest.id, null)
      .catch((error: BackupError) => ({ ok: false, reason: error.message }));
    expect(check).toMatchObject({ ok: false, reason: expect.stringMatching(/damaged/) });
  });

  it("refuses a backup of a later version with the reason", async () => {
    const { backups, data } = await bench();
    const { manifest } = await backups.create("boss", null);
    const path = pathOf(data, manifest.id);
    const text = (await readFile(path, "latin1")).replace(
      `"storeVersion": ${latestVersion}`,
      `"storeVersion": ${latestVersion + 1}`,
    );
    await writeFile(path, text, "latin1");
    await expect(backups.preview(manifest.id)).rejects.toMatchObject({
      code: "newer",
      message: `It was made by Nightpost 1.2.3, whose store has version ${latestVersion + 1}; this one knows versions up to ${latestVersion}.`,
    });
    await expect(backups.restore(manifest.id, null, "boss")).rejects.toMatchObject({ code: "newer" });
    expect(existsSync(join(data, "restore"))).toBe(false);
  });

  it("lists what is there newest first, and leaves out what is no backup", async () => {
    const { backups, data, clock } = await bench();
    expect(await backups.list()).toEqual([]);
    const first = await backups.create("boss", null);
    clock.advance(1_000);
    const second = await backups.create("boss", null);
    writeFileSync(pathOf(data, "nonsense"), "nonsense");
    const ids = [second, first].map(({ manifest }) => manifest.id);
    expect((await backups.list()).map(({ manifest }) => manifest.id)).toEqual(ids);
    await backups.remove(ids[0]!);
    expect((await backups.list()).map(({ manifest }) => manifest.id)).toEqual([ids[1]]);
    for (const id of ["none", "../nightpost", ""])
      await expect(backups.remove(id)).rejects.toMatchObject({ code: "no-backup" });
  });

  it("is fetched once with a ticket, within a minute", async () => {
    const { backups, clock, data } = await bench();
    const { manifest } = await backups.create("boss", null);
    const ticket = await backups.ticket(manifest.id);
    expect(backups.redeem(ticket)).toBe(pathOf(data, manifest.id));
    expect(backups.redeem(ticket)).toBeNull();
    const late = await backups.ticket(manifest.id);
    clock.advance(60_000);
    expect(backups.redeem(late)).toBeNull();
    expect(backups.redeem("guessed")).toBeNull();
  });

  it("clears away what a stopped process left", async () => {
    const { backups, data } = await bench();
    await backups.create("boss", null);
    mkdirSync(join(data, "backups", ".0123456789ab"));
    await tidyBackups(data);
    expect(readdirSync(join(data, "backups"))).toHaveLength(1);
    await tidyBackups(newDirectory());
  });
});

describe("the archive", () => {
  it.each([0, 1, 511, 512, 513, 100_000])("holds files of %i bytes", async (bytes) => {
    const path = join(newDirectory(), "a.tar");
    const content = Buffer.alloc(bytes, "x");
    const handle = await open(path, "w+");
    const tar = new TarWriter(handle, 1_000);
    await tar.add("one", content);
    await tar.add("two", Buffer.from("second"));
    await tar.end();
    const entries = await Array.fromAsync(tarEntries(handle));
    expect(entries.map(({ name, bytes: size }) => [name, size])).toEqual([
      ["one", bytes],
      ["two", 6],
    ]);
    expect(readFileSync(path).subarray(entries[0]!.offset, entries[0]!.offset + bytes)).toEqual(content);
    await handle.close();
    appendFileSync(path, "rest");
  });
});

describe("sealing", () => {
  let key: Buffer;
  beforeEach(async () => {
    key = await keyOf(passphrase, { ...newEncryption(), n: 2 });
  });
  const through = async (bytes: Buffer, ...steps: (Sealer | Opener)[]): Promise<Buffer> => {
    let stream: Readable = Readable.from(bytes.length === 0 ? [] : [bytes]);
    for (const step of steps) {
      stream.once("error", (error) => step.destroy(error));
      stream = stream.pipe(step);
    }
    return Buffer.concat(await stream.toArray());
  };

  it.each([0, 1, 65_535, 65_536, 65_537, 200_000])("opens what was sealed: %i bytes", async (length) => {
    const bytes = Buffer.alloc(length, "night");
    const sealed = await through(bytes, new Sealer(key, "a"));
    expect(sealed.includes("nightnight")).toBe(false);
    expect((await through(sealed, new Opener(key, "a"))).equals(bytes)).toBe(true);
  });

  it.each([
    ["another file's place", (sealed: Buffer) => sealed, "b", "passphrase"],
    ["a changed byte", (sealed: Buffer) => sealed.fill(0, 70_000, 70_001), "a", "damaged"],
    ["the last piece cut off", (sealed: Buffer) => sealed.subarray(0, 4 + 65_536 + 16), "a", "damaged"],
    ["more behind the end", (sealed: Buffer) => Buffer.concat([sealed, sealed]), "a", "damaged"],
    [
      "pieces that changed places",
      (sealed: Buffer) => {
        const piece = 4 + 65_536 + 16;
        return Buffer.concat([
          sealed.subarray(piece, 2 * piece),
          sealed.subarray(0, piece),
          sealed.subarray(2 * piece),
        ]);
      },
      "a",
      "passphrase",
    ],
  ] as const)("does not open with %s", async (_name, change, entry, code) => {
    const sealed = await through(Buffer.alloc(150_000, "x"), new Sealer(key, "a"));
    await expect(through(change(sealed), new Opener(key, entry))).rejects.toMatchObject({ code });
  });
});
