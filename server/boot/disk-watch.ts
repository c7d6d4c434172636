import { statfs } from "node:fs/promises";
import type { Core } from "../core/core.ts";

const everyMs = 5_000;

/** Looks how much room the data directory's disk has; what becomes of it is up to `core/disk.ts`. */
export async function watchDisk({ disk, log }: Pick<Core, "disk" | "log">, directory: string): Promise<() => void> {
  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(directory);
    if (!disk.seen(bavail * bsize)) return;
    const free = { directory, freeBytes: disk.freeBytes };
    if (disk.isFull) log.error("the disk is full: messages are refused until there is room", free);
    else log.info("the disk has room again: messages are taken", free);
  };
  const failed = (error: unknown): void =>
    log.warn("the disk cannot be looked at", { directory, error: String(error) });
  await look().catch(failed);
  const timer = setInterval(() => void look().catch(failed), everyMs).unref();
  return () => clearInterval(timer);
}
