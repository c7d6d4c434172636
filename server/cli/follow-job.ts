import { setTimeout as wait } from "node:timers/promises";
import type { Job } from "../../lib/contracts/jobs.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit.ts";

const pollMs = 250;

/** Waits until a job is over, unless that is not wanted, and says what came of it: `3 of 4 deleted`. */
export async function followJob(
  { print }: Context,
  started: Job,
  {
    list,
    isAwaited = true,
    done,
  }: { list: () => Promise<{ items: readonly Job[] }>; isAwaited?: boolean; done: string },
): Promise<void> {
  let job = started;
  while (isAwaited && job.state === "running") {
    await wait(pollMs);
    const { items } = await list();
    job = items.find(({ id }) => id === started.id) ?? { ...job, state: "failed" };
  }
  print(job, () => [
    `${job.state}: ${job.done} of ${job.matching} ${done}${job.failed > 0 ? `, ${job.failed} left as they are` : ""}  ${job.id}`,
    ...job.failures.map(({ item, reason }) => `  ${item}: ${reason}`),
  ]);
  if (job.state === "failed" || job.state === "stopped" || job.failed > 0) process.exitCode = exitCodes.negative;
}
