import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { keyName, storeName } from "./manifest.ts";

const stagedName = "restore";
const livingName = "nightpost.db";

/** Puts a store, and the key file that belongs to it, where the next start takes them from. */
export async function stageRestore(data: string, store: string, keyFile: string | null): Promise<void> {
  const staged = join(data, stagedName);
  const partial = `${staged}.partial`;
  await rm(partial, { recursive: true, force: true });
  await rm(staged, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  await rename(store, join(partial, storeName));
  if (keyFile !== null) await rename(keyFile, join(partial, keyName));
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
  renameSync(join(staged, storeName), join(data, livingName));
  rmSync(staged, { recursive: true, force: true });
  return replaced;
}

// Newest first: the keys that are here go on sealing, those that came along open what they sealed.
function joinKeys(living: string, restored: string): void {
  if (!existsSync(restored)) return;
  const lines = [living, restored].flatMap((file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []));
  const text = [...new Set(lines.filter((line) => line.trim() !== ""))].join("\n");
  writeFileSync(`${living}.partial`, `${text}\n`, { mode: 0o600 });
  renameSync(`${living}.partial`, living);
}
