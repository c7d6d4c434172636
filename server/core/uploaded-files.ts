import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { FileLimits, FileRefusal, FileRow, Stores } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Clock } from "./clock.ts";
import type { Disk } from "./disk.ts";

export type { FileLimits, FileRefusal, FileRow };

/** Path of uploads and downloads; a token or an id follows, then a name that is there for people. */
export const filesPath = "/upload";
/** How long the right to upload a file lasts. */
export const slotMs = 5 * 60_000;
const tokenBytes = 16;
const stepLimit = 200;
/** Left to everything else when a file is taken, bytes: no upload may bring the store to a halt. */
const spareBytes = 256 * 1024 * 1024;

export interface FileDraft {
  readonly user: Jid;
  readonly name: string;
  /** Without parameters, lower-case. */
  readonly mediaType: string;
  readonly size: number;
  readonly keepMs: number;
}

export interface FileSlot {
  readonly put: string;
  readonly get: string;
}

export interface FilesPlace {
  readonly directory: string;
  /** Where clients of a host reach the HTTP listener, such as `https://chat.example.org`. */
  readonly originOf: (host: string) => string;
}

/**
 * What became of an upload.
 *
 * - `stored`: it is on disk, and the store knows.
 * - `busy`: another one for the same slot is under way.
 * - `cut`: the client went away, or sent too little; it may try again.
 * - `gone`: it was stored before, or its account is gone.
 * - `full`: the disk has no room.
 */
export type UploadOutcome = "stored" | "busy" | "cut" | "gone" | "full";

/**
 * Files that users upload. Rows in the store say what may come, what is there and until when, so that quotas hold across
 * restarts and one commit makes a file visible; the bytes are files named by id. No name of a client's reaches the disk.
 */
export class UploadedFiles {
  readonly #store: Stores["files"];
  readonly #clock: Clock;
  readonly #disk: Disk;
  readonly #underWay = new Set<string>();
  #place: FilesPlace | null = null;
  #isPruning = false;

  constructor(store: Stores["files"], clock: Clock, disk: Disk) {
    this.#store = store;
    this.#clock = clock;
    this.#disk = disk;
  }

  /** From now on files can be taken. Rejects when the directory cannot be made. */
  async serve(place: FilesPlace): Promise<void> {
    await mkdir(place.directory, { recursive: true, mode: 0o700 });
    this.#place = place;
  }

  get isServed(): boolean {
    return this.#place !== null;
  }

  hasRoomFor(size: number): boolean {
    return !this.#disk.isFull && this.#disk.freeBytes - size >= spareBytes;
  }

  /** Reserves room for a file for {@link slotMs}. Throws Error unless {@link isServed}. */
  async reserve(draft: FileDraft, limits: FileLimits): Promise<FileSlot | FileRefusal> {
    const { originOf } = this.#served();
    const { user, name, mediaType, size, keepMs } = draft;
    const { domain: host, local } = user;
    const id = randomBytes(tokenBytes).toString("hex");
    const token = randomBytes(tokenBytes).toString("hex");
    const createdAt = this.#clock.now();
    const times = { createdAt, keepUntil: createdAt + keepMs, endsAt: createdAt + Math.min(slotMs, keepMs) };
    const row = { id, hash: hashOf(token), host, local, name, mediaType, size, ...times };
    const reservation = await this.#store.reserve(row, limits);
    if (reservation.outcome !== "reserved") return reservation;
    const base = `${originOf(host)}${filesPath}`;
    const shown = encodeURIComponent(name);
    return { put: `${base}/${token}/${shown}`, get: `${base}/${id}/${shown}` };
  }

  /** The file that a token may upload, whether or not it has come; null: it may upload none, or may no more. */
  async slotOf(token: string): Promise<FileRow | null> {
    const row = this.isServed && isKey(token) ? await this.#store.findByHash(hashOf(token)) : null;
    return row !== null && row.endsAt > this.#clock.now() ? row : null;
  }

  /** A file that is there. */
  async find(id: string): Promise<FileRow | null> {
    const row = this.isServed && isKey(id) ? await this.#store.find(id) : null;
    return row !== null && row.storedAt !== null && row.endsAt > this.#clock.now() ? row : null;
  }

  /** For reading; null: it was pruned meanwhile. */
  async open({ id }: FileRow): Promise<FileHandle | null> {
    try {
      return await open(this.#fileOf(id), "r");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      throw error;
    }
  }

  /** Takes the bytes of a slot, which must end after `size` of them. Nothing is seen of them before they are synced. */
  async take({ id, size, storedAt }: FileRow, bytes: Readable): Promise<UploadOutcome> {
    if (storedAt !== null) return "gone";
    if (this.#underWay.has(id)) return "busy";
    if (!this.hasRoomFor(size)) return "full";
    this.#underWay.add(id);
    const draft = `${this.#fileOf(id)}.part`;
    try {
      if (!(await write(draft, bytes, size))) return "cut";
      await rename(draft, this.#fileOf(id));
      await this.#syncDirectory();
      if (await this.#store.stored(id, this.#clock.now())) return "stored";
      // The row says so, or is gone. Of two that were sent one after the other the first one counts.
      if ((await this.#store.find(id))?.storedAt == null) await rm(this.#fileOf(id), { force: true });
      return "gone";
    } catch (error) {
      if (["ENOSPC", "EDQUOT"].includes(codeOf(error))) return "full";
      throw error;
    } finally {
      await rm(draft, { force: true });
      this.#underWay.delete(id);
    }
  }

  /** Deletes files and slots whose end has come, in small steps, until `signal`. Those being uploaded wait for the next time. */
  async prune(signal: AbortSignal): Promise<void> {
    if (this.#isPruning || this.#place === null) return;
    this.#isPruning = true;
    try {
      for (let more = true; more && !signal.aborted;) {
        const ended = await this.#store.ended(this.#clock.now(), stepLimit + this.#underWay.size);
        const gone = ended.filter((id) => !this.#underWay.has(id));
        for (const id of gone) {
          await rm(this.#fileOf(id), { force: true });
          // Of a server that was killed.
          await rm(`${this.#fileOf(id)}.part`, { force: true });
        }
        if (gone.length > 0) await this.#store.remove(gone);
        more = gone.length >= stepLimit;
      }
    } finally {
      this.#isPruning = false;
    }
  }

  #served(): FilesPlace {
    if (this.#place === null) throw new Error("there is no place for files");
    return this.#place;
  }

  #fileOf(id: string): string {
    return join(this.#served().directory, id);
  }

  async #syncDirectory(): Promise<void> {
    const handle = await open(this.#served().directory, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Writes and syncs; false: the bytes ended early. */
async function write(file: string, bytes: Readable, size: number): Promise<boolean> {
  const handle = await open(file, "w", 0o600);
  let written = 0;
  try {
    const chunks = bytes.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    for (;;) {
      // The client is gone.
      const next = await chunks.next().catch(() => null);
      if (next === null) return false;
      if (next.done === true) break;
      written += next.value.length;
      if (written > size) return false;
      await handle.writeFile(next.value);
    }
    if (written !== size) return false;
    await handle.sync();
    return true;
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function isKey(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
