import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { keyName, storeName } from "./manifest.ts";
import { uploadsName } from "./uploads.ts";

const stagedName = "restore";
const livingName = "nightpost.db";

/** What a restore puts in the place of what there is, as paths; null: it has none, and what there is stays. */
export interface Restored {
  readonly store: string;
  readonly keyFile: string | null;
  /** Directory with what users have uploaded. */
  readonly uploads: string | null;
}

/** Puts it where the next start takes it from. */
export async function stageRestore(data: string, { store, keyFile, uploads }: Restored): Promise<void> {
  const staged = join(data, stagedName);
  const partial = `${staged}.partial`;
  await rm(partial, { recursive: true, force: true });
  await rm(staged, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  await rename(store, join(partial, storeName));
  if (keyFile !== null) await rename(keyFile, join(partial, keyName));
  if (uploads !== null) await rename(uploads, join(partial, uploadsName));
  // Half of it must never be taken for the whole.
  await rename(partial, staged);
}

/**
 * Takes over a staged store before anything is opened. What was in use is kept beside it; answers in which directory, or null
 * when nothing was staged.
 */
export function applyStagedRestore(data: string, now: number): string | null {
  const staged = join(data, stagedName);
  if (!existsSync(join(staged, storeName))) return null;
  const replaced = join(data, `replaced-${new Date(now).toISOString().replaceAll(/[:.]/g, "-").slice(0, 19)}`);
  mkdirSync(replaced, { recursive: true, mode: 0o700 });
  for (const suffix of ["", "-wal", "-shm"]) {
    const living = join(data, livingName + suffix);
    if (existsSync(living)) renameSync(living, join(replaced, livingName + suffix));
  }
  joinKeys(join(data, keyName), join(staged, keyName));
  if (existsSync(join(staged, uploadsName))) replaceUploads(data, join(staged, uploadsName), replaced);
  renameSync(join(staged, storeName), join(data, livingName));
  rmSync(staged, { recursive: true, force: true });
  return replaced;
}

function replaceUploads(data: string, restored: string, replaced: string): void {
  const living = join(data, uploadsName);
  try {
    if (existsSync(living)) renameSync(living, join(replaced, uploadsName));
    renameSync(restored, living);
  } catch (error) {
    // A directory with a disk of its own stays where it is, and takes what is restored beside what it has.
    if (!(error instanceof Error && "code" in error && (error.code === "EBUSY" || error.code === "EXDEV"))) throw error;
    cpSync(restored, living, { recursive: true });
  }
}

// Newest first: the keys that are here go on sealing, those that came along open what they sealed.
function joinKeys(living: string, restored: string): void {
  if (!existsSync(restored)) return;
  const lines = [living, restored].flatMap((file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []));
  const text = [...new Set(lines.filter((line) => line.trim() !== ""))].join("\n");
  writeFileSync(`${living}.partial`, `${text}\n`, { mode: 0o600 });
  renameSync(`${living}.partial`, living);
}
