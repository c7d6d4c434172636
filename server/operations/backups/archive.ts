import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { PassThrough, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { HeldFile } from "./held-uploads.ts";
import { BackupError, Manifest, manifestName } from "./manifest.ts";
import { Opener, Sealer } from "./sealing.ts";
import { type Entry, tarEntries, TarWriter } from "./tar.ts";
import { addUploads } from "./uploads.ts";

const maxManifestBytes = 1024 * 1024;

/** A file that goes into a backup. */
export interface Content {
  readonly name: string;
  readonly path: string;
}

/**
 * Writes a backup: the files compressed and, with a key, encrypted, then what users have uploaded; under its name only once it is
 * whole and on disk.
 */
export async function writeBackup(
  target: string,
  scratch: string,
  contents: readonly Content[],
  about: Omit<Manifest, "files">,
  key: Buffer | null,
  uploads: readonly HeldFile[] | null,
): Promise<Manifest> {
  const packed: { path: string; file: Manifest["files"][number] }[] = [];
  for (const content of contents) packed.push(await pack(content, scratch, key));
  const manifest: Manifest = { ...about, files: packed.map(({ file }) => file) };
  const partial = join(scratch, basename(target));
  const handle = await open(partial, "wx", 0o600);
  try {
    const tar = new TarWriter(handle, about.createdAt);
    await tar.add(manifestName, Buffer.from(JSON.stringify(manifest, null, 2)));
    for (const { path, file } of packed) await tar.addFile(file.entry, path, file.bytes);
    if (uploads !== null) await addUploads(tar, uploads, key);
    await tar.end();
  } finally {
    await handle.close();
  }
  await rename(partial, target);
  return manifest;
}

async function pack({ name, path }: Content, scratch: string, key: Buffer | null) {
  const entry = `${name}.gz${key === null ? "" : ".sealed"}`;
  const packed = join(scratch, entry);
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const seal = key === null ? new PassThrough() : new Sealer(key, name);
  await pipeline(
    createReadStream(path),
    createGzip({ level: 4 }),
    seal,
    hashing,
    createWriteStream(packed, { mode: 0o600 }),
  );
  const { size } = await stat(packed);
  return { path: packed, file: { name, entry, bytes: size, sha256: hash.digest("hex") } };
}

/** What a backup says of itself. Throws BackupError `damaged`. */
export async function readManifest(path: string): Promise<Manifest> {
  const handle = await open(path, "r");
  try {
    const first = (await tarEntries(handle).next()).value as Entry | undefined;
    if (first?.name !== manifestName || first.bytes > maxManifestBytes) throw new RangeError("it has no manifest");
    const text = Buffer.alloc(first.bytes);
    await handle.read(text, 0, first.bytes, first.offset);
    return Manifest.parse(JSON.parse(text.toString("utf8")));
  } catch (cause) {
    throw new BackupError("damaged", `${basename(path)} is no backup, or is damaged.`, { cause });
  } finally {
    await handle.close();
  }
}

/** Takes a file out of a backup and checks every byte of it. Throws BackupError: `damaged`, `passphrase`. */
export async function extract(
  path: string,
  manifest: Manifest,
  name: string,
  target: string,
  key: Buffer | null,
): Promise<void> {
  const file = manifest.files.find((each) => each.name === name);
  const entry = file === undefined ? undefined : await entryOf(path, file.entry);
  if (file === undefined || entry?.bytes !== file.bytes)
    throw new BackupError("damaged", `The backup is damaged: ${name} is missing or was cut.`);
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const source = createReadStream(path, { start: entry.offset, end: entry.offset + entry.bytes - 1 });
  const opening = key === null ? new PassThrough() : new Opener(key, name);
  try {
    await pipeline(source, hashing, opening, createGunzip(), createWriteStream(target, { mode: 0o600 }));
  } catch (error) {
    if (error instanceof BackupError) throw error;
    if (isSystemError(error)) throw error;
    throw new BackupError("damaged", `The backup is damaged: ${name} cannot be unpacked.`, { cause: error });
  }
  if (hash.digest("hex") !== file.sha256)
    throw new BackupError("damaged", `The backup is damaged: ${name} was changed.`);
}

async function entryOf(path: string, name: string): Promise<Entry | undefined> {
  const handle = await open(path, "r");
  try {
    for await (const entry of tarEntries(handle)) if (entry.name === name) return entry;
    return undefined;
  } catch (cause) {
    throw new BackupError("damaged", `${basename(path)} is damaged.`, { cause });
  } finally {
    await handle.close();
  }
}

// A full disk is no fault of the backup. Those of zlib have codes as well.
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
