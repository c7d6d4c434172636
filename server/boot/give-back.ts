import { performance } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const everyMs = 5_000;
/** Below this share of its time the main thread has next to nothing to do, and nobody notices a pause of 100 ms. */
const idleShare = 0.01;
/** Above it there is a storm. Below, those who talk are paused at most once for each storm. */
const stormShare = 0.1;
/** Few are paused below it: what is left of a storm trickles in for a minute, and would keep its memory for as long. */
const calmShare = 0.05;
/** What has to be reserved for nothing before it is worth such a pause, bytes: when few or none talk, and when many do. */
const worthCalm = 32 * 1024 * 1024;
const worthPausing = 128 * 1024 * 1024;

type Collect = (options: { type: "major"; execution: "async"; flavor: "last-resort" }) => Promise<void>;

/**
 * Bytes that are reserved for nothing, or for what came since the last collection: most of that is garbage which V8 counts as
 * used, and would keep as long as nothing more is allocated. `inUse`: bytes after that collection.
 */
export function reservedForNothing(
  heap: { readonly total_heap_size: number; readonly used_heap_size: number },
  inUse: number,
): number {
  return heap.total_heap_size - Math.min(heap.used_heap_size, inUse);
}

/** What a collection has to free so that it is worth its pause. */
export class PausePrice {
  #isAfterStorm = false;

  /** `utilization`: the share of its time that the main thread was busy since the last look. Bytes; none are enough in a storm. */
  now(utilization: number): number {
    if (utilization > stormShare) {
      this.#isAfterStorm = true;
      return Number.POSITIVE_INFINITY;
    }
    if (utilization <= idleShare) return worthCalm;
    if (!this.#isAfterStorm) return Number.POSITIVE_INFINITY;
    return utilization <= calmShare ? worthCalm : worthPausing;
  }

  paid(): void {
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
  let inUse = 0;
  const price = new PausePrice();
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (reservedForNothing(getHeapStatistics(), inUse) < price.now(utilization)) return;
    void collect({ type: "major", execution: "async", flavor: "last-resort" }).then(() => {
      inUse = getHeapStatistics().used_heap_size;
      price.paid();
    });
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}
