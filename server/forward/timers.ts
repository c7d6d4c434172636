/** Where the dispatcher gets its alarms from, so that tests can fire them. */
export interface Timers {
  /** Runs `task` once after `ms`; the function returned calls it off. */
  after(ms: number, task: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, task) {
    // Longer than this, setTimeout would fire at once.
    const timer = setTimeout(task, Math.min(Math.max(0, ms), 0x7fffffff));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
