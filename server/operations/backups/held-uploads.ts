import { constants } from "node:fs";
import { copyFile, link, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { StoredFile } from "../../storage/ports.ts";

/** A file that goes into a backup, and where its bytes are. */
export interface HeldFile extends StoredFile {
  readonly path: string;
}

const noSecondName: ReadonlySet<unknown> = new Set(["EXDEV", "EPERM", "ENOTSUP", "EMLINK"]);

/** How many links are made at a time. */
const step = 64;

/**
 * Keeps uploaded files from going away while a backup is made: each gets a second name, which costs no room, where it can have
 * one. A file never changes once it has its name.
 */
export class HeldUploads {
  readonly #directory: string;
  readonly #scratch: string;
  /** Their sizes by their ids. */
  readonly #held = new Map<string, number>();

  constructor(directory: string, scratch: string) {
    this.#directory = directory;
    this.#scratch = join(scratch, "held");
  }

  /** Those that are there now; asked before the store is copied, for one that it names may go right after. */
  async holdAll(): Promise<void> {
    await mkdir(this.#scratch, { recursive: true });
    await this.#hold(await readdir(this.#directory).catch(() => []));
  }

  /** Those of the copy of the store; what came since {@link holdAll} is held as well. Without those that are not there as a whole. */
  async of(files: readonly StoredFile[]): Promise<HeldFile[]> {
    await this.#hold(files.map(({ id }) => id).filter((id) => !this.#held.has(id)));
    return files
      .filter(({ id, bytes }) => this.#held.get(id) === bytes)
      .map((file) => ({ ...file, path: join(this.#scratch, file.id) }));
  }

  async #hold(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += step)
      await Promise.all(
        ids.slice(at, at + step).map(async (id) => {
          try {
            const held = join(this.#scratch, id);
            await hold(join(this.#directory, id), held);
            this.#held.set(id, (await stat(held)).size);
          } catch (error) {
            if (codeOf(error) !== "ENOENT") throw error;
          }
        }),
      );
  }
}

/** On another disk, and where files have one name only, by a copy. */
async function hold(path: string, held: string): Promise<void> {
  try {
    await link(path, held);
  } catch (error) {
    if (!noSecondName.has(codeOf(error))) throw error;
    await copyFile(path, held, constants.COPYFILE_FICLONE);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
