import type { Core } from "../core/core.ts";
import { longestTimeoutMs } from "../features/registration/registration.ts";
import { uploadedFilesOf } from "../features/uploads/uploaded-files.ts";

const everyMs = 3_600_000;
const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
/** How long what live viewers and decision logs show is kept. Audit rows are kept as long as the policy says. */
const keepMs = 30 * dayMs;
/** How long certificates that no host uses any more, and the logs of orders, are kept. */
const certificatesMs = 90 * dayMs;
const stepLimit = 1000;

/** Deletes what is past its time, in small steps so that no commit waits for it. */
export function startHousekeeping(core: Core): () => void {
  const { stores, policy, clock, log } = core;
  const files = uploadedFilesOf(core);
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
      .then(() => sweep((before, limit) => stores.announcements.prune(before, limit), yearMs))
      .then(() => sweep((before, limit) => stores.series.prune(before, limit)))
      .then(() => stores.certificates.prune(clock.now() - certificatesMs))
      .then(() => {
        const { auditDays } = policy.document.console.login;
        return auditDays === null
          ? undefined
          : sweep((before, limit) => stores.admin.pruneAudit(before, limit), auditDays * dayMs);
      })
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
