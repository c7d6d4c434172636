import type { contract } from "../../lib/contracts/index.ts";
import type { OwnJob } from "../../lib/contracts/jobs.ts";
import type { Call } from "./call.ts";
import type { Job, Jobs } from "./jobs.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

/** What one has begun, wherever in the console that was. */
export function ownJobs({ userJobs, sessionJobs, removals, purges, replays }: Admin): Verbs<typeof contract.jobs> {
  const begun = (kind: OwnJob["kind"], jobs: Pick<Jobs<unknown>, "list">, { author }: Call): OwnJob[] =>
    jobs
      .list()
      .filter(({ by }) => by === author)
      .map((job) => described(kind, job));
  return {
    mine: (_input, call) => ({
      items: [
        ...begun("users", userJobs, call),
        ...begun("sessions", sessionJobs, call),
        ...begun("rooms", removals, call),
        ...begun("offline", purges, call),
        ...replays
          .list()
          .filter(({ by }) => by === call.author)
          .map((replay) => described("forward", { ...replay, done: replay.replayed, failed: 0 })),
      ].toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)),
    }),
  };
}

type Told = Omit<Job<unknown>, "about" | "by" | "failures">;

function described(kind: OwnJob["kind"], { id, startedAt, finishedAt, state, matching, done, failed }: Told): OwnJob {
  const times = { startedAt: timestamp(startedAt), finishedAt: timestampOrNull(finishedAt) };
  return { kind, id, ...times, state, matching, done, failed };
}
