import type { Archive } from "../../storage/ports.ts";

const dayMs = 24 * 60 * 60 * 1000;
const perStep = 500;

/** How long messages of one archive are kept, and how many; 0: no limit. */
export interface RetentionLimits {
  readonly keepDays: number;
  readonly maxMessages: number;
}

/** The archives of a host or service lose what is past its time, or too much: in steps, so that others come between. */
export async function pruneArchives(
  archive: Archive,
  host: string,
  { keepDays, maxMessages }: RetentionLimits,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const before = keepDays === 0 ? 0 : now - keepDays * dayMs;
  let after: number | null = before === 0 && maxMessages === 0 ? null : 0;
  while (after !== null && !signal.aborted) {
    const step: { upTo: number | null } = await archive.prune(host, after, before, maxMessages, perStep);
    after = step.upTo;
  }
}

/** Takes what belongs to no archive any more out of the store. */
export async function purgeArchives(archive: Archive, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await archive.purge(perStep)) > 0);
}
