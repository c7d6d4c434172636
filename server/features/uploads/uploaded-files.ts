import { createHash, randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { onePerServer } from "../../core/one-per-server.ts";
import type { FileLimits, FileRefusal, FileRow, Stores } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { type FilePlace, type OpenFile, PlaceUnavailableError, type PutOutcome } from "./file-place.ts";

export type { FileLimits, FileRefusal, FileRow };

/** Path of uploads and downloads; a token or an id follows, then a name that is there for people. */
export const filesPath = "/upload";
/** How long the right to upload a file lasts. */
export const slotMs = 5 * 60_000;
const tokenBytes = 16;
const stepLimit = 200;

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

/** What the files of a host may take, and where new ones go, while a module gives slots for it. */
export interface FileService {
  readonly limits: FileLimits;
  readonly maxFileBytes: number;
  readonly keepMs: number;
  /** null: beside the store. */
  readonly place: FilePlace | null;
}

/** What serves the files, whoever gives slots for them. */
export interface FileStation {
  readonly disk: FilePlace;
  /** Where clients of a host reach the HTTP listener, such as `https://chat.example.org`. */
  readonly originOf: (host: string) => string;
}

/**
 * What became of an upload: {@link PutOutcome}, and:
 *
 * - `busy`: another one for the same slot is under way.
 * - `gone`: it was stored before, or its account is gone.
 */
export type UploadOutcome = PutOutcome | "busy" | "gone";

/**
 * Files that users upload. Rows in the store say what may come, what is there and until when, so that quotas hold across
 * restarts and one commit makes a file visible; the bytes are in a {@link FilePlace}, named by id. No name of a client's
 * reaches it.
 */
export class UploadedFiles {
  readonly #store: Stores["files"];
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #services = new Map<string, FileService>();
  readonly #underWay = new Set<string>();
  #station: FileStation | null = null;
  #isPruning = false;

  constructor(store: Stores["files"], clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log.for("files");
  }

  /** From now on files can be taken. */
  serve(station: FileStation): void {
    this.#station = station;
  }

  get isServed(): boolean {
    return this.#station !== null;
  }

  /** A module gives slots for a host, until the function returned is called. */
  addService(host: string, service: FileService): () => void {
    this.#services.set(host, service);
    return () => {
      if (this.#services.get(host) === service) this.#services.delete(host);
    };
  }

  service(host: string): FileService | undefined {
    return this.#services.get(host);
  }

  hasRoomFor(host: string, size: number): boolean {
    return this.#placeOf(host).hasRoomFor(size);
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
    const place = this.#placeOf(host).name;
    const row = { id, hash: hashOf(token), host, local, name, mediaType, size, ...times, place };
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

  /** For reading, `end` included; null: it was pruned meanwhile. Throws PlaceUnavailableError. */
  async open(file: FileRow, start: number, end: number): Promise<OpenFile | null> {
    const place = this.#placeHolding(file);
    if (place === null) throw new PlaceUnavailableError(`nobody serves the files of ${file.host} in ${file.place}`);
    return place.open(file.id, start, end);
  }

  /** Takes the bytes of a slot, which must end after `size` of them. Nothing is seen of them before they are synced. */
  async take(file: FileRow, bytes: Readable): Promise<UploadOutcome> {
    const { id, size, storedAt } = file;
    if (storedAt !== null) return "gone";
    if (this.#underWay.has(id)) return "busy";
    const place = this.#placeHolding(file);
    if (place === null) return "unavailable";
    if (!place.hasRoomFor(size)) return "full";
    this.#underWay.add(id);
    try {
      const outcome = await place.put(id, size, bytes);
      if (outcome !== "stored" || (await this.#store.stored(id, this.#clock.now()))) return outcome;
      // The row says so, or is gone. Of two that were sent one after the other the first one counts.
      if ((await this.#store.find(id))?.storedAt == null) await place.remove(id);
      return "gone";
    } finally {
      this.#underWay.delete(id);
    }
  }

  /**
   * Deletes files and slots whose end has come, in small steps, until `signal`. Those being uploaded, and those in a place that
   * is out of reach, wait for the next time. Answers how many.
   */
  async prune(signal?: AbortSignal): Promise<number> {
    if (this.#isPruning || this.#station === null) return 0;
    this.#isPruning = true;
    const outOfReach = new Set<string>();
    let removed = 0;
    try {
      for (let more = true; more && signal?.aborted !== true;) {
        const limit = stepLimit + this.#underWay.size;
        const ended = await this.#store.ended(this.#clock.now(), limit, [...outOfReach]);
        const gone: string[] = [];
        for (const file of ended) {
          const where = `${file.place} ${file.host}`;
          if (this.#underWay.has(file.id) || outOfReach.has(where)) continue;
          if (await this.#delete(file)) gone.push(file.id);
          else outOfReach.add(where);
        }
        if (gone.length > 0) await this.#store.remove(gone);
        removed += gone.length;
        more = ended.length === limit;
      }
    } finally {
      this.#isPruning = false;
    }
    return removed;
  }

  async #delete(file: Pick<FileRow, "id" | "host" | "place">): Promise<boolean> {
    const place = this.#placeHolding(file);
    if (place === null) return false;
    try {
      await place.remove(file.id);
      return true;
    } catch (error) {
      if (!(error instanceof PlaceUnavailableError)) throw error;
      this.#log.warn("a file could not be deleted", { host: file.host, place: place.name, reason: error.message });
      return false;
    }
  }

  #served(): FileStation {
    if (this.#station === null) throw new Error("there is no place for files");
    return this.#station;
  }

  /** Where new files of a host go. */
  #placeOf(host: string): FilePlace {
    return this.#services.get(host)?.place ?? this.#served().disk;
  }

  /** null: the module that knows the place does not run. */
  #placeHolding({ host, place }: Pick<FileRow, "host" | "place">): FilePlace | null {
    if (place === "disk") return this.#served().disk;
    const own = this.#services.get(host)?.place ?? null;
    return own?.name === place ? own : null;
  }
}

export const uploadedFilesOf = onePerServer(({ stores, clock, log }) => new UploadedFiles(stores.files, clock, log));

function isKey(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
