import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../core/clock.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { StoreFacts, Vault } from "../../storage/ports.ts";
import { type Content, extract, readManifest, writeBackup } from "./archive.ts";
import { BackupError, configName, extension, keyName, type Manifest, storeName } from "./manifest.ts";
import { keyOf, newEncryption } from "./sealing.ts";
import { stageRestore } from "./restore.ts";

export interface BackupParts {
  /** Data directory; backups are in `backups` below it. */
  readonly data: string;
  /** The configuration file, to go along; null: there is none. */
  readonly configFile: string | null;
  readonly vault: Vault;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly version: string;
}

/** How a backup came out when it was restored to try it. */
export interface Check {
  readonly at: number;
  readonly ok: boolean;
  /** Why it is of no use; empty: it is sound. */
  readonly reason: string;
}

export interface BackupFile {
  readonly manifest: Manifest;
  /** Bytes of the whole file. */
  readonly bytes: number;
  readonly path: string;
  readonly check: Check | null;
}

/** A backup beside the store that is in use. */
export interface Preview {
  readonly backup: BackupFile;
  readonly before: StoreFacts;
  /** What would be there after a restore. */
  readonly after: StoreFacts;
  /** Whether what is sealed in it opens with the keys that are here, or come along. */
  readonly opensSecrets: boolean;
}

const ticketMs = 60_000;
const checkSuffix = ".check.json";

/** Backups of the store, as files in the data directory. One is made or looked at at a time. */
export class Backups {
  readonly #parts: BackupParts;
  readonly #directory: string;
  readonly #tickets = new Map<string, { readonly path: string; readonly until: number }>();
  readonly #listeners = new Set<() => void>();
  #busy: Promise<unknown> = Promise.resolve();
  #task: "create" | "verify" | "restore" | null = null;

  constructor(parts: BackupParts) {
    this.#parts = parts;
    this.#directory = join(parts.data, "backups");
  }

  get directory(): string {
    return this.#directory;
  }

  /** What is being done just now. */
  get task(): "create" | "verify" | "restore" | null {
    return this.#task;
  }

  /** Hears of what begins, ends and changes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest first. Files that are no backups are left out. */
  async list(): Promise<BackupFile[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const found: BackupFile[] = [];
    for (const name of names.filter((each) => each.endsWith(extension))) {
      try {
        found.push(await this.#file(name.slice(0, -extension.length)));
      } catch (error) {
        if (!(error instanceof BackupError)) throw error;
      }
    }
    return found.toSorted((a, b) => b.manifest.createdAt - a.manifest.createdAt);
  }

  /** Makes one. With a passphrase it is encrypted and has the key file in it. */
  create(author: string, passphrase: string | null): Promise<BackupFile> {
    return this.#alone("create", async (scratch) => {
      const { vault, secrets, clock, version } = this.#parts;
      const now = clock.now();
      const id = `${new Date(now).toISOString().replaceAll(/[:.]/g, "-").slice(0, 19)}-${randomBytes(3).toString("hex")}`;
      const copy = join(scratch, storeName);
      const facts = await vault.snapshot(copy);
      const encryption = passphrase === null ? null : newEncryption();
      const key = passphrase === null || encryption === null ? null : await keyOf(passphrase, encryption);
      const about = {
        format: 1 as const,
        id,
        createdAt: now,
        createdBy: author,
        version,
        storeVersion: facts.version,
        hosts: [...facts.hosts],
        counts: { ...facts.counts },
        keys: [...secrets.ids],
        encryption,
      };
      const contents = [{ name: storeName, path: copy }, ...(await this.#besides(key !== null))];
      await writeBackup(join(this.#directory, id + extension), scratch, contents, about, key);
      return this.#file(id);
    });
  }

  /** Restores it into a directory of its own, opens it there and checks all of it. Rejects only if it is not there. */
  verify(id: string, passphrase: string | null): Promise<Check> {
    return this.#alone("verify", async (scratch) => {
      const { manifest, path } = await this.#file(id);
      const check = await this.#tryOut(path, manifest, passphrase, scratch).then(
        () => ({ at: this.#parts.clock.now(), ok: true, reason: "" }),
        (error: unknown) => ({ at: this.#parts.clock.now(), ok: false, reason: reasonOf(error) }),
      );
      // A wrong passphrase says nothing of the backup.
      if (check.ok || passphrase === null)
        await writeFile(join(this.#directory, id + checkSuffix), JSON.stringify(check), { mode: 0o600 });
      return check;
    });
  }

  /** What a restore would change. Throws BackupError, StoreError `newer`. */
  async preview(id: string): Promise<Preview> {
    const { vault, secrets } = this.#parts;
    const backup = await this.#file(id);
    const { storeVersion, hosts, counts, keys, files, version } = backup.manifest;
    if (storeVersion > vault.version)
      throw new BackupError(
        "newer",
        `It was made by Nightpost ${version}, whose store has version ${storeVersion}; this one knows versions up to ${vault.version}.`,
      );
    const opensSecrets = files.some(({ name }) => name === keyName) || keys.every((each) => secrets.ids.includes(each));
    return { backup, before: await vault.facts(), after: { version: storeVersion, hosts, counts }, opensSecrets };
  }

  /**
   * Makes a backup of what is there, tries this one out, and puts it where the next start takes it from. Throws BackupError,
   * StoreError. Answers the backup of what was there.
   */
  async restore(id: string, passphrase: string | null, author: string): Promise<BackupFile> {
    await this.preview(id);
    const before = await this.create(`${author}, before a restore`, null);
    await this.#alone("restore", async (scratch) => {
      const { manifest, path } = await this.#file(id);
      const copy = await this.#tryOut(path, manifest, passphrase, scratch);
      const key = await this.#keyOf(manifest, passphrase);
      const hasKey = manifest.files.some(({ name }) => name === keyName);
      const keyFile = hasKey ? join(scratch, keyName) : null;
      if (keyFile !== null) await extract(path, manifest, keyName, keyFile, key);
      await stageRestore(this.#parts.data, copy, keyFile);
    });
    return before;
  }

  async remove(id: string): Promise<void> {
    const { path } = await this.#file(id);
    await rm(path);
    await rm(join(this.#directory, id + checkSuffix), { force: true });
    this.#tell();
  }

  /** A name under which a backup can be fetched once, within a minute. Throws BackupError `no-backup`. */
  async ticket(id: string): Promise<string> {
    const { path } = await this.#file(id);
    const now = this.#parts.clock.now();
    for (const [old, { until }] of this.#tickets) if (until <= now) this.#tickets.delete(old);
    const ticket = randomBytes(32).toString("base64url");
    this.#tickets.set(ticket, { path, until: now + ticketMs });
    return ticket;
  }

  /** The file that a ticket is for; null: it is none, or is used up. */
  redeem(ticket: string): string | null {
    const found = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    return found === undefined || found.until <= this.#parts.clock.now() ? null : found.path;
  }

  async #besides(isEncrypted: boolean): Promise<Content[]> {
    const { data, configFile } = this.#parts;
    const contents = configFile === null ? [] : [{ name: configName, path: configFile }];
    // In the clear it would open all that is sealed in the store beside it.
    if (isEncrypted && (await isThere(join(data, keyName))))
      contents.push({ name: keyName, path: join(data, keyName) });
    return contents;
  }

  async #tryOut(path: string, manifest: Manifest, passphrase: string | null, scratch: string): Promise<string> {
    const key = await this.#keyOf(manifest, passphrase);
    const copy = join(scratch, storeName);
    await extract(path, manifest, storeName, copy, key);
    const facts = await this.#parts.vault.tryOut(copy);
    for (const [name, count] of Object.entries(manifest.counts))
      if (facts.counts[name] !== count)
        throw new BackupError("mismatch", `It has ${facts.counts[name] ?? 0} ${name} where it says ${count}.`);
    return copy;
  }

  async #keyOf({ encryption }: Manifest, passphrase: string | null): Promise<Buffer | null> {
    if (encryption === null) return null;
    if (passphrase === null) throw new BackupError("passphrase", "It is encrypted: its passphrase is needed.");
    return keyOf(passphrase, encryption);
  }

  async #file(id: string): Promise<BackupFile> {
    const path = join(this.#directory, id + extension);
    if (!/^[A-Za-z0-9-]{1,64}$/.test(id) || !(await isThere(path)))
      throw new BackupError("no-backup", `There is no backup ${id}.`);
    const [manifest, { size }, check] = await Promise.all([readManifest(path), stat(path), this.#checkOf(id)]);
    return { manifest: { ...manifest, id }, bytes: size, path, check };
  }

  async #checkOf(id: string): Promise<Check | null> {
    const text = await readFile(join(this.#directory, id + checkSuffix), "utf8").catch(() => null);
    return text === null ? null : (JSON.parse(text) as Check);
  }

  #alone<Result>(task: "create" | "verify" | "restore", work: (scratch: string) => Promise<Result>): Promise<Result> {
    const run = async (): Promise<Result> => {
      const scratch = join(this.#directory, `.${randomBytes(6).toString("hex")}`);
      this.#task = task;
      this.#tell();
      try {
        await mkdir(scratch, { recursive: true, mode: 0o700 });
        return await work(scratch);
      } catch (error) {
        throw isFull(error) ? new BackupError("no-space", "The disk has no room for it.", { cause: error }) : error;
      } finally {
        await rm(scratch, { recursive: true, force: true });
        this.#task = null;
        this.#tell();
      }
    };
    const result = this.#busy.then(run);
    this.#busy = result.catch(() => undefined);
    return result;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Takes away what a stopped process left half-done. */
export async function tidyBackups(data: string): Promise<void> {
  const directory = join(data, "backups");
  for (const name of await readdir(directory).catch(() => []))
    if (/^\.[0-9a-f]{12}$/.test(name)) await rm(join(directory, name), { recursive: true, force: true });
}

// A full disk, as the file system or the store tells it.
function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "full");
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
