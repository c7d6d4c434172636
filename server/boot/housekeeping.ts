import type { Core } from "../core/core.ts";
import { longestTimeoutMs } from "../core/registration.ts";

const everyMs = 3_600_000;
const dayMs = 86_400_000;
/** How long what live viewers and decision logs show is kept. Audit rows are kept for good. */
const keepMs = 30 * dayMs;
const stepLimit = 1000;

/** Deletes what is past its time, in small steps so that no commit waits for it. */
export function startHousekeeping({ stores, policy, clock, log, files }: Core): () => void {
  const stopping = new AbortController();
  const sweep = async (prune: (before: number, limit: number) => Promise<number>, ageMs = keepMs): Promise<void> => {
    while (!stopping.signal.aborted && (await prune(clock.now() - ageMs, stepLimit)) >= stepLimit);
  };
  const run = (): void => {
    sweep((before, limit) => stores.admin.pruneFeeds(before, limit))
      // Decisions go together with the networks they throttle, so not before those may register again.
      .then(() => {
        const ageMs = Math.max(keepMs, longestTimeoutMs(policy.document));
        return sweep((before, limit) => stores.registrations.prune(before, limit), ageMs);
      })
      .then(() => sweep((before, limit) => stores.invites.prune(before, limit)))
      // Also where the module that gave out their slots is off by now.
      .then(() => files.prune(stopping.signal))
      .catch((error: unknown) => log.for("housekeeping").error("old rows were not deleted", { error: String(error) }));
  };
  const timer = setInterval(run, everyMs).unref();
  run();
  return () => {
    stopping.abort();
    clearInterval(timer);
  };
}
