import type { Log } from "../core/log.ts";
import { backupDirectory, lastGoodBackup } from "../operations/backups/files.ts";
import { StoreError } from "../storage/errors.ts";
import { BootError } from "./boot-error.ts";

const adviceMs = 1_000;

function isDamage(error: unknown): error is StoreError {
  return error instanceof StoreError && error.code === "corrupt";
}

/** Which backup is there for a store that is damaged, and how it is restored. */
async function restoreAdvice(data: string): Promise<string> {
  const directory = backupDirectory(data);
  const backup = await lastGoodBackup(directory);
  if (backup === undefined) return `There is no backup in ${directory} that could be restored.`;
  const { check, manifest } = backup;
  const at = new Date(manifest.createdAt).toISOString();
  const tried = check === null ? ", which was never tried out" : "";
  const passphrase = manifest.encryption === null ? "" : " --passphrase-file FILE";
  return `The last good backup is ${manifest.id} of ${at}${tried}. To restore it: nightpost backup restore ${manifest.id} --stopped${passphrase}`;
}

/** Refuses to start; for a store that is damaged, with what to do about it. */
export async function refuseStore(error: unknown, data: string): Promise<never> {
  if (!isDamage(error)) throw error;
  throw new BootError(`${error.message}\n${await restoreAdvice(data)}`);
}

/** Ends the process whose store has failed; a damaged one with what to do about it, if the disk tells that at once. */
export async function endWithout(cause: Error, data: string, log: Log): Promise<never> {
  if (isDamage(cause)) {
    setTimeout(() => process.exit(1), adviceMs);
    log.error(await restoreAdvice(data).catch(String));
  }
  return process.exit(1);
}
