"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { api } from "@/lib/api/client.ts";
import type { Replay } from "@/lib/contracts/replays.ts";
import { JobProgress, jobPollMs } from "./job-progress.tsx";

/** A replay that a dialog has begun. */
export function ReplayProgress({ started, onClose }: { started: Replay; onClose: () => void }) {
  const t = useTranslations("deadLetters");
  const format = useFormatter();
  const jobs = useQuery(
    api.forward.replays.queryOptions({
      refetchInterval: (query) => (jobIn(query.state.data?.items, started).state === "running" ? jobPollMs : false),
    }),
  );
  const stop = useMutation(api.forward.stopReplay.mutationOptions());
  const { id, state, replayed, left, matching } = jobIn(jobs.data?.items, started);
  return (
    <JobProgress
      label={t("replayTitle")}
      text={t("replayProgress", { replayed: format.number(replayed), matching: format.number(matching) })}
      job={{ state, done: replayed, failed: left, matching }}
      hint={t("replayStopHint")}
      onStop={() => stop.mutate({ id })}
      isStopping={stop.isPending}
      onClose={onClose}
    />
  );
}

const jobIn = (items: readonly Replay[] | undefined, started: Replay): Replay =>
  items?.find(({ id }) => id === started.id) ?? started;
