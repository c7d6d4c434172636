import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "./archive.ts";
import { BackupError, extension, type Manifest } from "./manifest.ts";

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

const checkSuffix = ".check.json";

export const backupDirectory = (data: string): string => join(data, "backups");

/** Beside the backup: how it came out. */
export const checkPath = (directory: string, id: string): string => join(directory, id + checkSuffix);

/** Newest first. Files that are no backups are left out. */
export async function backupFiles(directory: string): Promise<BackupFile[]> {
  const names = await readdir(directory).catch(() => []);
  const found: BackupFile[] = [];
  for (const name of names.filter((each) => each.endsWith(extension))) {
    try {
      found.push(await backupFile(directory, name.slice(0, -extension.length)));
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
    }
  }
  return found.toSorted((a, b) => b.manifest.createdAt - a.manifest.createdAt);
}

/** Throws BackupError: `no-backup`, `damaged`. */
export async function backupFile(directory: string, id: string): Promise<BackupFile> {
  const path = join(directory, id + extension);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id) || (await stat(path).catch(() => null)) === null)
    throw new BackupError("no-backup", `There is no backup ${id}.`);
  const [manifest, { size }, check] = await Promise.all([readManifest(path), stat(path), checkOf(directory, id)]);
  return { manifest: { ...manifest, id }, bytes: size, path, check };
}

async function checkOf(directory: string, id: string): Promise<Check | null> {
  const text = await readFile(checkPath(directory, id), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as Check);
}

export async function keepCheck(directory: string, id: string, check: Check): Promise<void> {
  await writeFile(checkPath(directory, id), JSON.stringify(check), { mode: 0o600 });
}

/** The newest that was tried out and is sound; if none was, the newest that nobody has tried. */
export async function lastGoodBackup(directory: string): Promise<BackupFile | undefined> {
  const files = await backupFiles(directory);
  return files.find(({ check }) => check?.ok === true) ?? files.find(({ check }) => check === null);
}
