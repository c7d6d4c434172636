"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useDesktopNotices } from "@/components/kit/notice-choices.ts";
import { api } from "@/lib/api/client.ts";
import { useNow } from "@/lib/format/now.ts";
import { useStored } from "@/lib/format/stored.ts";

const runningMs = 2_000;
const idleMs = 60_000;
/** How long one that has ended is still told of. */
const toldMs = 3_600_000;

/** One's own jobs that run or have ended within the hour (undefined: not known yet), and whether one of them has ended unseen. */
export function useOwnJobs() {
  const now = useNow();
  const [seenAt, setSeenAt] = useStored<string>("nightpost.jobs-seen", "");
  const [desktop] = useDesktopNotices();
  const { data } = useQuery(
    api.jobs.mine.queryOptions({
      refetchInterval: ({ state }) =>
        state.data?.items.some((job) => job.state === "running") === true ? runningMs : idleMs,
      refetchIntervalInBackground: desktop === "on",
    }),
  );
  const jobs = data?.items.filter(({ finishedAt }) => isTold(finishedAt, now));
  const latest = (jobs ?? []).map(({ finishedAt }) => finishedAt ?? "").reduce((a, b) => (a > b ? a : b), "");
  const see = useCallback(() => setSeenAt(latest), [latest, setSeenAt]);
  return { jobs, hasUnseen: latest > seenAt, see };
}

const isTold = (finishedAt: string | null, now: number): boolean =>
  finishedAt === null || Date.parse(finishedAt) > now - toldMs;
