import { readdirSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

const threads = "/proc/self/task";
const poolName = "libuv-worker";
const lowest = 19;
/** Leaves a third of the weight of the other threads (sched(7)): whoever waits for a hash still gets it. */
const steps = 5;

/**
 * Has the threads that hash passwords give way to those that carry streams and commit: guesses must not hold up who chats.
 * They are there as soon as a file was read. On Linux only, where a priority is that of one thread (setpriority(2)).
 */
export function lowerPoolPriority(): void {
  if (process.platform !== "linux") return;
  const priority = Math.min(lowest, getPriority() + steps);
  for (const thread of readdirSync(threads)) if (nameOf(thread) === poolName) tryPriority(Number(thread), priority);
}

function tryPriority(thread: number, priority: number): void {
  try {
    setPriority(thread, priority);
  } catch {
    // A sandbox may not allow it; that is no reason not to serve.
  }
}

function nameOf(thread: string): string | null {
  try {
    return readFileSync(`${threads}/${thread}/comm`, "utf8").trim();
  } catch {
    // It has ended meanwhile.
    return null;
  }
}
