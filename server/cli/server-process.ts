import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient, controlSocket, type Api } from "./client.ts";
import type { GlobalOptions } from "./context.ts";
import { CommandError, exitCodes } from "./exit.ts";

const pollMs = 50;

/** How to start the server: this runtime with this process's flags (an installed package needs its preload). */
export function serverCommand(options: GlobalOptions): { file: string; args: string[]; env: NodeJS.ProcessEnv } {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const args = [...process.execArgv, main, ...(options.config === undefined ? [] : ["--config", options.config])];
  return {
    file: process.execPath,
    args,
    env: options.data === undefined ? process.env : { ...process.env, NIGHTPOST_DATA: options.data },
  };
}

/** Stages a backup for the next start of a server that does not run. */
export function stageBackup(data: string, id: string, passphrase: string | null): void {
  if (isRunning(data)) throw new CommandError("The server runs: leave out --stopped.");
  const program = fileURLToPath(new URL("../boot/restore.ts", import.meta.url));
  const args = [...process.execArgv, program, data, id, ...(passphrase === null ? [] : ["--passphrase"])];
  const { status, stderr } = spawnSync(process.execPath, args, { input: passphrase ?? "", encoding: "utf8" });
  if (status !== 0) throw new CommandError(stderr.trim());
}

/** The pid in the data directory, if such a process exists. */
export function serverPid(data: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(join(data, "nightpost.pid"), "utf8").trim());
  } catch {
    return null;
  }
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM" ? pid : null;
  }
}

export const isRunning = (data: string): boolean => serverPid(data) !== null;

/** Resolves with the server's status once it is ready. Rejects after `waitMs`; always asks at least once. */
export async function untilReady(
  data: string,
  waitMs: number,
  api?: Api,
): Promise<Awaited<ReturnType<Api["server"]["status"]>>> {
  const client = api ?? createClient({ kind: "socket", path: controlSocket(data) });
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      const status = await client.server.status();
      if (status.status === "ready") return status;
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    if (Date.now() >= deadline) throw new CommandError("The server is not ready.", exitCodes.notRunning);
    await pause(pollMs);
  }
}

/** Asks the server to stop (SIGTERM) and waits until the process is gone. */
export async function stopServer(data: string): Promise<void> {
  const pid = serverPid(data);
  if (pid === null) throw new CommandError("The server is not running.", exitCodes.notRunning);
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    throw new CommandError("This user may not stop the server.", exitCodes.notAllowed);
  }
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    if (serverPid(data) !== pid) return;
    await pause(pollMs);
  }
  throw new CommandError(`The server (pid ${pid}) has not stopped after 15 seconds.`);
}
