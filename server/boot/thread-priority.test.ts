import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { lowerBackgroundPriority } from "./thread-priority.ts";

/** Nice values of this process's threads by name (proc_pid_stat(5), field 19). */
function priorities(): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const thread of readdirSync("/proc/self/task")) {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const nice = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
    found.set(name, (found.get(name) ?? new Set()).add(nice));
  }
  return found;
}

test.runIf(process.platform === "linux")("only what works in the background gives way", async () => {
  await readFile("/proc/self/comm");
  const before = priorities();
  lowerBackgroundPriority();
  const after = priorities();
  const own = getPriority();
  const background = ["libuv-worker", "node-V8Worker"];
  for (const name of background) expect(after.get(name), name).toEqual(new Set([Math.min(19, own + 5)]));
  for (const [name, nice] of after)
    if (!background.includes(name)) expect(nice, name).toEqual(before.get(name) ?? new Set([own]));
});
