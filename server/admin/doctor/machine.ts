import { stat } from "node:fs/promises";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import { openFilesLimit } from "../metrics/process-families.ts";
import { type Examined, finding } from "./parts.ts";

const fewFiles = 4096;
const dayMs = 86_400_000;
const backupDays = 7;

/** The disk, the limits of the process, who may read what, and backups. */
export async function examineMachine({ core, patient, backups }: Examined): Promise<Finding[]> {
  const { disk, clock } = core;
  const found: Finding[] = [];
  if (Number.isFinite(disk.freeBytes)) {
    const values = { free: `${Math.round(disk.freeBytes / 1024 / 1024)} MiB` };
    const state = disk.isFull ? "error" : disk.isLow ? "warning" : "ok";
    found.push(finding("machine", "disk", disk.isLow ? "disk-low" : "disk-room", values, state));
  }
  const limit = await openFilesLimit().catch(() => null);
  if (limit !== null) {
    const isFew = limit < fewFiles;
    const values = { limit: Number.isFinite(limit) ? String(limit) : "unlimited" };
    const [code, state] = isFew ? (["files-few", "warning"] as const) : (["files-enough", "ok"] as const);
    found.push(finding("machine", "open files", code, values, state, "/proc/self/limits"));
  }
  if (patient.keyFile !== null) found.push(...(await examineFiles(patient.keyFile, patient.dataDirectory)));
  if (backups !== null) {
    const [newest] = await backups.backups.list();
    const days = newest === undefined ? null : Math.floor((clock.now() - newest.manifest.createdAt) / dayMs);
    found.push(
      days === null || days >= backupDays
        ? finding("machine", "backups", "backup-old", {}, "warning")
        : finding("machine", "backups", "backup-recent", { days: String(days) }, "ok", newest?.path),
    );
  }
  return found;
}

async function examineFiles(keyFile: string, directory: string): Promise<Finding[]> {
  const [key, data] = await Promise.all([modeOf(keyFile), modeOf(directory)]);
  const found: Finding[] = [];
  if ((key & 0o077) !== 0) {
    const values = { file: keyFile, mode: key.toString(8) };
    found.push(finding("machine", "key file", "key-readable", values, "error", `mode ${key.toString(8)}`));
  } else found.push(finding("machine", "key file", "key-private", {}, "ok", `mode ${key.toString(8)}`));
  if ((data & 0o007) !== 0) {
    const values = { file: directory, mode: data.toString(8) };
    found.push(finding("machine", "data directory", "data-readable", values, "note", `mode ${data.toString(8)}`));
  }
  return found;
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}
