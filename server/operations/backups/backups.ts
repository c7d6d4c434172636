import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../core/clock.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { StoreFacts, Vault } from "../../storage/ports.ts";
import { type Content, extract, writeBackup } from "./archive.ts";
import {
  backupDirectory,
  type BackupFile,
  backupFile,
  backupFiles,
  type Check,
  checkPath,
  keepCheck,
} from "./files.ts";
import { type HeldFile, HeldUploads } from "./held-uploads.ts";
import { BackupError, configName, extension, keyName, type Manifest, storeName } from "./manifest.ts";
import { stageRestore } from "./restore.ts";
import { keyOf, newEncryption } from "./sealing.ts";
import { extractUploads, uploadsName } from "./uploads.ts";

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

/** A backup beside the store that is in use. */
export interface Preview {
  readonly backup: BackupFile;
  readonly before: StoreFacts;
  /** What would be there after a restore. */
  readonly after: Pick<StoreFacts, "version" | "hosts" | "counts">;
  /** Whether what is sealed in it opens with the keys that are here, or come along. */
  readonly opensSecrets: boolean;
}

/** Bytes and numbers of files. */
export interface Estimate {
  readonly storeBytes: number;
  readonly uploads: { readonly files: number; readonly bytes: number };
  /** In an object store, which has copies of its own: never in a backup. */
  readonly elsewhere: { readonly files: number; readonly bytes: number };
  /** Room on the disk. */
  readonly freeBytes: number;
}

const ticketMs = 60_000;

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
    this.#directory = backupDirectory(parts.data);
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
  list(): Promise<BackupFile[]> {
    return backupFiles(this.#directory);
  }

  /** How large one would be before it is compressed, and what of it would not be in it. */
  async estimate(): Promise<Estimate> {
    const { data, vault } = this.#parts;
    const [{ bytes, uploads }, { bavail, bsize }] = await Promise.all([vault.facts(), statfs(data)]);
    return { storeBytes: bytes, uploads: uploads.disk, elsewhere: uploads.s3, freeBytes: bavail * bsize };
  }

  /**
   * Makes one. With a passphrase it is encrypted and has the key file in it. What users have uploaded goes along where it is on this
   * server's disk.
   */
  create(author: string, passphrase: string | null, hasUploads = true): Promise<BackupFile> {
    return this.#alone("create", async (scratch) => {
      const { data, vault, secrets, clock, version } = this.#parts;
      const now = clock.now();
      const id = `${new Date(now).toISOString().replaceAll(/[:.]/g, "-").slice(0, 19)}-${randomBytes(3).toString("hex")}`;
      const copy = join(scratch, storeName);
      const held = new HeldUploads(join(data, uploadsName), scratch);
      if (hasUploads) await held.holdAll();
      const facts = await vault.snapshot(copy);
      const files = hasUploads ? await held.of(await vault.filesOf(copy)) : null;
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
        uploads: files === null ? null : uploadsIn(files, facts.uploads.disk.files),
      };
      const contents = [{ name: storeName, path: copy }, ...(await this.#besides(key !== null))];
      await writeBackup(join(this.#directory, id + extension), scratch, contents, about, key, files);
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
      if (check.ok || passphrase === null) await keepCheck(this.#directory, id, check);
      return check;
    });
  }

  /** What a restore would change. Throws BackupError, StoreError `newer`. */
  async preview(id: string): Promise<Preview> {
    const { vault, secrets } = this.#parts;
    const backup = await this.#file(id);
    this.#checkVersion(backup.manifest);
    const { storeVersion, hosts, counts, keys, files } = backup.manifest;
    const opensSecrets = files.some(({ name }) => name === keyName) || keys.every((each) => secrets.ids.includes(each));
    return { backup, before: await vault.facts(), after: { version: storeVersion, hosts, counts }, opensSecrets };
  }

  /** Makes a backup of what is there, and stages this one. Throws BackupError, StoreError. Answers the backup of what was there. */
  async restore(id: string, passphrase: string | null, author: string): Promise<BackupFile> {
    await this.preview(id);
    const before = await this.create(`${author}, before a restore`, null);
    await this.stage(id, passphrase);
    return before;
  }

  /** Tries it out, and puts it where the next start takes it from. Throws BackupError, StoreError. */
  stage(id: string, passphrase: string | null): Promise<void> {
    return this.#alone("restore", async (scratch) => {
      const { manifest, path } = await this.#file(id);
      this.#checkVersion(manifest);
      const uploads = manifest.uploads === null ? null : join(scratch, uploadsName);
      const store = await this.#tryOut(path, manifest, passphrase, scratch, uploads);
      const key = await this.#keyOf(manifest, passphrase);
      const hasKey = manifest.files.some(({ name }) => name === keyName);
      const keyFile = hasKey ? join(scratch, keyName) : null;
      if (keyFile !== null) await extract(path, manifest, keyName, keyFile, key);
      await stageRestore(this.#parts.data, { store, keyFile, uploads });
    });
  }

  async remove(id: string): Promise<void> {
    const { path } = await this.#file(id);
    await rm(path);
    await rm(checkPath(this.#directory, id), { force: true });
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

  /** `uploads`: where what users have uploaded is written; null: it is only checked. Answers where the store is. */
  async #tryOut(
    path: string,
    manifest: Manifest,
    passphrase: string | null,
    scratch: string,
    uploads: string | null = null,
  ): Promise<string> {
    const key = await this.#keyOf(manifest, passphrase);
    const copy = join(scratch, storeName);
    await extract(path, manifest, storeName, copy, key);
    const facts = await this.#parts.vault.tryOut(copy);
    for (const [name, count] of Object.entries(manifest.counts))
      if (facts.counts[name] !== count)
        throw new BackupError("mismatch", `It has ${facts.counts[name] ?? 0} ${name} where it says ${count}.`);
    if (manifest.uploads !== null) {
      const found = await extractUploads(path, key, uploads);
      const named = await this.#parts.vault.filesOf(copy);
      const missing = named.filter(({ id }) => !found.has(id)).length;
      if (missing !== manifest.uploads.missing)
        throw new BackupError("mismatch", `It has ${found.size} files where it says ${manifest.uploads.files}.`);
    }
    return copy;
  }

  async #keyOf({ encryption }: Manifest, passphrase: string | null): Promise<Buffer | null> {
    if (encryption === null) return null;
    if (passphrase === null) throw new BackupError("passphrase", "It is encrypted: its passphrase is needed.");
    return keyOf(passphrase, encryption);
  }

  #file(id: string): Promise<BackupFile> {
    return backupFile(this.#directory, id);
  }

  #checkVersion({ storeVersion, version }: Manifest): void {
    const known = this.#parts.vault.version;
    if (storeVersion > known)
      throw new BackupError(
        "newer",
        `It was made by Nightpost ${version}, whose store has version ${storeVersion}; this one knows versions up to ${known}.`,
      );
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
  const directory = backupDirectory(data);
  for (const name of await readdir(directory).catch(() => []))
    if (/^\.[0-9a-f]{12}$/.test(name)) await rm(join(directory, name), { recursive: true, force: true });
}

function uploadsIn(files: readonly HeldFile[], named: number): NonNullable<Manifest["uploads"]> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: files.length, bytes, missing: named - files.length };
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
