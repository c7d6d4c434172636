import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { BootError } from "./boot-error.ts";

/**
 * Takes the data directory for this process: `nightpost.pid` holds the pid as long as it runs. One that a killed process
 * left behind is replaced.
 * @throws {BootError} when another server uses the directory, or it cannot be written.
 */
export function takeDataDirectory(data: string): { release(): void } {
  const file = join(data, "nightpost.pid");
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    for (let attempt = 0; !create(file); attempt += 1) {
      const owner = ownerOf(file);
      if (owner !== null || attempt > 2)
        throw new BootError(`The data directory ${data} is in use by process ${owner ?? "another process"}.`);
      rmSync(file, { force: true });
    }
  } catch (error) {
    if (error instanceof BootError) throw error;
    throw new BootError(
      `The data directory ${data} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return {
    release: () => {
      if (readPid(file) === process.pid) rmSync(file, { force: true });
    },
  };
}

function create(file: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, "wx", 0o644);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  writeSync(handle, `${process.pid}\n`);
  closeSync(handle);
  return true;
}

/** The pid in the file if that process runs and is a Nightpost: after a reboot the number may be somebody else's. */
function ownerOf(file: string): number | null {
  const pid = readPid(file);
  if (pid === null || pid === process.pid) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return null;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("main.ts") ? pid : null;
  } catch {
    // No /proc on this system: better to refuse than to open a store twice.
    return pid;
  }
}

function readPid(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, "utf8").trim());
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
