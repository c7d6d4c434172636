import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Disk } from "../../core/disk.ts";
import { chunksOf, giveBack, passOn } from "./chunks.ts";
import type { FilePlace, OpenFile, PutOutcome } from "./file-place.ts";

/** Left to everything else when a file is taken, bytes: no upload may bring the store to a halt. */
const spareBytes = 256 * 1024 * 1024;
const pieceBytes = 256 * 1024;

/** Uploaded files in a directory, each under its id. */
export class DiskPlace implements FilePlace {
  readonly name = "disk";
  readonly #directory: string;
  readonly #disk: Disk;

  private constructor(directory: string, disk: Disk) {
    this.#directory = directory;
    this.#disk = disk;
  }

  /** Rejects when the directory cannot be made. */
  static async in(directory: string, disk: Disk): Promise<DiskPlace> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new DiskPlace(directory, disk);
  }

  hasRoomFor(bytes: number): boolean {
    return !this.#disk.isFull && this.#disk.freeBytes - bytes >= spareBytes;
  }

  async put(id: string, size: number, bytes: Readable): Promise<PutOutcome> {
    const draft = this.#draftOf(id);
    try {
      if (!(await write(draft, bytes, size))) return "cut";
      await rename(draft, this.#fileOf(id));
      await this.#syncDirectory();
      return "stored";
    } catch (error) {
      if (["ENOSPC", "EDQUOT"].includes(codeOf(error))) return "full";
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  async open(id: string, start: number, end: number): Promise<OpenFile | null> {
    try {
      return reader(await open(this.#fileOf(id), "r"), start, end);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#fileOf(id), { force: true });
    // Of a server that was killed.
    await rm(this.#draftOf(id), { force: true });
  }

  #fileOf(id: string): string {
    return join(this.#directory, id);
  }

  #draftOf(id: string): string {
    return `${this.#fileOf(id)}.part`;
  }

  async #syncDirectory(): Promise<void> {
    const handle = await open(this.#directory, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Writes and syncs; false: the bytes ended early, or there were too many. */
async function write(file: string, bytes: Readable, size: number): Promise<boolean> {
  const handle = await open(file, "w", 0o600);
  try {
    const chunks = chunksOf(bytes);
    let written = 0;
    for (let chunk = await chunks.next(); chunk !== "end"; chunk = await chunks.next()) {
      if (chunk === "gone") return false;
      written += chunk.length;
      if (written > size) return false;
      await handle.writeFile(chunk);
      giveBack(chunk);
    }
    if (written !== size) return false;
    await handle.sync();
    return true;
  } finally {
    await handle.close();
  }
}

/** Reads into one piece of memory, again and again. */
function reader(handle: FileHandle, start: number, end: number): OpenFile {
  return {
    async sendTo(out: Writable) {
      const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, end - start + 1));
      for (let at = start; at <= end;) {
        const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, end - at + 1), at);
        if (bytesRead === 0) throw new Error("the file is shorter than it should be");
        await passOn(out, piece.subarray(0, bytesRead));
        at += bytesRead;
      }
    },
    close: () => handle.close(),
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
