"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { JobProgress, jobPollMs } from "@/components/kit/job-progress.tsx";
import { api } from "@/lib/api/client.ts";
import type { SessionJob } from "@/lib/contracts/sessions.ts";

/** A job that ends sessions and that a dialog has begun. */
export function SessionJobProgress({ started, onClose }: { started: SessionJob; onClose: () => void }) {
  const t = useTranslations("sessions");
  const jobs = useQuery(
    api.sessions.jobs.queryOptions({
      refetchInterval: (query) => (jobIn(query.state.data?.items, started).state === "running" ? jobPollMs : false),
    }),
  );
  const stop = useMutation(api.sessions.stopJob.mutationOptions());
  const job = jobIn(jobs.data?.items, started);
  return (
    <JobProgress
      label={t("endManyTitle")}
      text={t("endProgress", { done: job.done, matching: job.matching })}
      job={job}
      onStop={() => stop.mutate({ id: job.id })}
      isStopping={stop.isPending}
      onClose={onClose}
    />
  );
}

const jobIn = (items: readonly SessionJob[] | undefined, started: SessionJob): SessionJob =>
  items?.find(({ id }) => id === started.id) ?? started;
