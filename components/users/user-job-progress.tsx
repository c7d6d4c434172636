"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { JobProgress, jobPollMs } from "@/components/kit/job-progress.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserJob } from "@/lib/contracts/users.ts";

/** A job on accounts that a dialog has begun. */
export function UserJobProgress({ started, onClose }: { started: UserJob; onClose: () => void }) {
  const t = useTranslations("bulk");
  const jobs = useQuery(
    api.users.jobs.queryOptions({
      refetchInterval: (query) => (jobIn(query.state.data?.items, started).state === "running" ? jobPollMs : false),
    }),
  );
  const stop = useMutation(api.users.stopJob.mutationOptions());
  const job = jobIn(jobs.data?.items, started);
  return (
    <JobProgress
      label={t(`actions.${job.action}.title`)}
      text={t("jobProgress", { done: job.done, matching: job.matching })}
      job={job}
      onStop={() => stop.mutate({ id: job.id })}
      isStopping={stop.isPending}
      onClose={onClose}
    />
  );
}

const jobIn = (items: readonly UserJob[] | undefined, started: UserJob): UserJob =>
  items?.find(({ id }) => id === started.id) ?? started;
