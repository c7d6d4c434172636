"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { JobProgress, jobPollMs } from "@/components/kit/job-progress.tsx";
import { api } from "@/lib/api/client.ts";
import type { RoomRemoval } from "@/lib/contracts/rooms.ts";

/** A job that destroys rooms and that a dialog has begun. */
export function RemovalProgress({ started, onClose }: { started: RoomRemoval; onClose: () => void }) {
  const t = useTranslations("rooms");
  const format = useFormatter();
  const jobs = useQuery(
    api.rooms.removals.queryOptions({
      refetchInterval: (query) => (jobIn(query.state.data?.items, started).state === "running" ? jobPollMs : false),
    }),
  );
  const stop = useMutation(api.rooms.stopRemoval.mutationOptions());
  const job = jobIn(jobs.data?.items, started);
  return (
    <JobProgress
      label={t("destroyManyTitle")}
      text={t("progress", { removed: format.number(job.done), matching: format.number(job.matching) })}
      job={job}
      onStop={() => stop.mutate({ id: job.id })}
      isStopping={stop.isPending}
      onClose={onClose}
    />
  );
}

const jobIn = (items: readonly RoomRemoval[] | undefined, started: RoomRemoval): RoomRemoval =>
  items?.find(({ id }) => id === started.id) ?? started;
