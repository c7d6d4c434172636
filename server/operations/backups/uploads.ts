import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { HeldFile } from "./held-uploads.ts";
import { BackupError } from "./manifest.ts";
import { Opener, sealedBytes, Sealer } from "./sealing.ts";
import { type Entry, tarEntries, type TarWriter } from "./tar.ts";

/** Below this name they are in the archive, each by its id, and behind them a list with the hash of each. */
export const uploadsName = "uploads";
const listName = `${uploadsName}.list`;

const entryName = (name: string, key: Buffer | null): string => `${name}${key === null ? "" : ".sealed"}`;

/** Adds the files, and the list of them. What users upload is compressed as a rule: it stays as it is. */
export async function addUploads(tar: TarWriter, files: readonly HeldFile[], key: Buffer | null): Promise<void> {
  const lines: string[] = [];
  for (const { id, bytes, path } of files) {
    const hash = createHash("sha256");
    await add(tar, `${uploadsName}/${id}`, bytes, createReadStream(path).pipe(hashing(hash)), key);
    lines.push(`${id} ${bytes} ${hash.digest("hex")}\n`);
  }
  const list = Buffer.from(lines.join(""));
  await add(tar, listName, list.length, Readable.from([list]), key);
}

async function add(tar: TarWriter, name: string, bytes: number, content: Readable, key: Buffer | null): Promise<void> {
  if (key === null) return tar.addStream(name, content, bytes);
  const sealer = new Sealer(key, name);
  content.once("error", (error) => sealer.destroy(error));
  await tar.addStream(entryName(name, key), content.pipe(sealer), sealedBytes(bytes));
}

/**
 * Checks every byte of the uploaded files in a backup, and writes them to a directory (null: only checks). Answers their ids.
 * Throws BackupError.
 */
export async function extractUploads(path: string, key: Buffer | null, directory: string | null): Promise<Set<string>> {
  const archive = new UploadArchive(path, key, await entriesOf(path));
  if (directory !== null) await mkdir(directory, { recursive: true, mode: 0o700 });
  const ids = new Set<string>();
  for (const line of (await archive.text(listName)).split("\n")) {
    if (line === "") continue;
    const [id = "", bytes, sha256] = line.split(" ");
    if (!/^[0-9a-f]{1,64}$/.test(id)) throw damaged(listName);
    const target = directory === null ? nowhere() : createWriteStream(join(directory, id), { mode: 0o600 });
    const hash = await archive.copy(`${uploadsName}/${id}`, target);
    if (hash.sha256 !== sha256 || String(hash.bytes) !== bytes) throw damaged(`${uploadsName}/${id}`);
    ids.add(id);
  }
  return ids;
}

class UploadArchive {
  readonly #path: string;
  readonly #key: Buffer | null;
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(path: string, key: Buffer | null, entries: ReadonlyMap<string, Entry>) {
    this.#path = path;
    this.#key = key;
    this.#entries = entries;
  }

  async text(name: string): Promise<string> {
    const chunks: Buffer[] = [];
    const collect = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    await this.copy(name, collect);
    return Buffer.concat(chunks).toString("utf8");
  }

  async copy(name: string, target: Writable): Promise<{ sha256: string; bytes: number }> {
    const entry = this.#entries.get(entryName(name, this.#key));
    if (entry === undefined) throw damaged(name);
    const hash = createHash("sha256");
    const step = hashing(hash);
    const { offset, bytes } = entry;
    const source =
      bytes === 0 ? Readable.from([]) : createReadStream(this.#path, { start: offset, end: offset + bytes - 1 });
    await pipeline(source, this.#key === null ? new PassThrough() : new Opener(this.#key, name), step, target);
    return { sha256: hash.digest("hex"), bytes: step.bytes };
  }
}

async function entriesOf(path: string): Promise<Map<string, Entry>> {
  const handle = await open(path, "r");
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of tarEntries(handle)) entries.set(entry.name, entry);
    return entries;
  } catch (cause) {
    throw new BackupError("damaged", "The backup is damaged.", { cause });
  } finally {
    await handle.close();
  }
}

/** Passes on what it hashes and counts. */
function hashing(hash: Hash): Transform & { bytes: number } {
  const step = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      counting.bytes += chunk.length;
      done(null, chunk);
    },
  });
  const counting = Object.assign(step, { bytes: 0 });
  return counting;
}

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

const damaged = (name: string): BackupError =>
  new BackupError("damaged", `The backup is damaged: ${name} is missing or was cut.`);
