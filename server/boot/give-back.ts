import { performance } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const everyMs = 15_000;
/** Below this share of its time the main thread has next to nothing to do, and nobody notices a pause of 100 ms. */
const idleShare = 0.01;
/** Above it there is a storm. Below, those who talk are paused at most once for each storm. */
const stormShare = 0.1;
/** So much that is reserved and not used is worth a collection, bytes. */
const worthBytes = 48 * 1024 * 1024;

type Collect = (options: { type: "major"; execution: "async"; flavor: "last-resort" }) => Promise<void>;

/**
 * What is reserved for nothing, or for what came since the last collection: most of that is garbage which V8 counts as used, and
 * would keep as long as nothing more is allocated. `inUse`: bytes after that collection; null: there was none.
 */
export function isWorthCollecting(
  heap: { readonly total_heap_size: number; readonly used_heap_size: number },
  inUse: number | null,
): boolean {
  return inUse === null || heap.total_heap_size - Math.min(heap.used_heap_size, inUse) >= worthBytes;
}

/** When a pause hurts nobody, or those who are left after a storm. One for each time that memory is given back. */
export class Lull {
  #isAfterStorm = false;

  /** `utilization`: the share of its time that the main thread was busy since the last look. */
  isNow(utilization: number): boolean {
    if (utilization > stormShare) this.#isAfterStorm = true;
    return utilization <= (this.#isAfterStorm ? stormShare : idleShare);
  }

  collected(): void {
    this.#isAfterStorm = false;
  }
}

/**
 * Gives memory back after the start, and after a storm. V8 collects when something is allocated, so a server that has become
 * quiet would keep for hours what it needed for seconds. Answers with how to stop.
 */
export function giveBackMemory(): () => void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as Collect;
  let before = performance.eventLoopUtilization();
  /** What was in use after the last collection of ours. */
  let inUse: number | null = null;
  const lull = new Lull();
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (!lull.isNow(utilization) || !isWorthCollecting(getHeapStatistics(), inUse)) return;
    void collect({ type: "major", execution: "async", flavor: "last-resort" }).then(() => {
      inUse = getHeapStatistics().used_heap_size;
      lull.collected();
    });
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}
