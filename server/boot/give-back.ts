import { performance } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const everyMs = 15_000;
/** Below this share of its time the main thread is at rest. */
const restShare = 0.1;
/** So much that is reserved and not used is worth a collection, bytes. */
const worthBytes = 48 * 1024 * 1024;

type Collect = (options: { type: "major"; execution: "async"; flavor: "last-resort" }) => Promise<void>;

/**
 * Gives memory back after the start, and after a storm. V8 collects when something is allocated, so a server that has become
 * quiet would keep for hours what it needed for seconds. Answers with how to stop.
 */
export function giveBackMemory(): () => void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as Collect;
  let before = performance.eventLoopUtilization();
  let isAfterStart = true;
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const heap = getHeapStatistics();
    const isWorthIt = isAfterStart || heap.total_heap_size - heap.used_heap_size >= worthBytes;
    if (utilization > restShare || !isWorthIt) return;
    isAfterStart = false;
    void collect({ type: "major", execution: "async", flavor: "last-resort" });
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}
