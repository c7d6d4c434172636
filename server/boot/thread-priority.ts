import { readdirSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

const threads = "/proc/self/task";
/** What hashes passwords, and what collects and compiles beside the threads whose memory and code it is. */
const background: ReadonlySet<string | null> = new Set(["libuv-worker", "node-V8Worker"]);
const lowest = 19;
/** Leaves a third of the weight of the other threads (sched(7)): whoever waits for a hash, or the end of a collection, still gets it. */
const steps = 5;

/**
 * Has what works in the background give way to the threads that carry streams and commit: neither guesses nor the collector
 * must hold up who chats, where there are more threads than cores. The pool is there as soon as a file was read.
 * On Linux only, where a priority is that of one thread (setpriority(2)).
 */
export function lowerBackgroundPriority(): void {
  if (process.platform !== "linux") return;
  const priority = Math.min(lowest, getPriority() + steps);
  for (const thread of readdirSync(threads)) if (background.has(nameOf(thread))) tryPriority(Number(thread), priority);
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
