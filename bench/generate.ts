import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Figures, Run } from "./workload.ts";

/** Are there two cores, and `taskset` to say who gets which? */
export function isPinnable(): boolean {
  return availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;
}

/** Runs a workload in a process of its own; `isPinned`: on the second core. */
export async function generate(workload: string, run: Run, isPinned: boolean): Promise<Figures[]> {
  const load = [fileURLToPath(new URL("load.ts", import.meta.url)), workload, JSON.stringify(run)];
  const node = [process.execPath, "--max-semi-space-size=32", ...load];
  const [file = "", ...args] = isPinned ? ["taskset", "-c", "1", ...node] : node;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`the workload ${workload} failed`);
  return JSON.parse(output) as Figures[];
}
