"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { jobPollMs } from "@/components/kit/job-progress.tsx";
import { JobsPanel } from "@/components/kit/jobs-panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";

/** Jobs on accounts, with a way to end one that runs. */
export function UserJobsPanel() {
  const t = useTranslations("bulk");
  const may = useMay();
  const jobs = useQuery(
    api.users.jobs.queryOptions({
      enabled: may("users.startJob"),
      refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? jobPollMs : 15_000),
    }),
  );
  const stop = useMutation(api.users.stopJob.mutationOptions());
  return (
    <JobsPanel
      title={t("jobs")}
      jobs={jobs.data?.items ?? []}
      about={{ id: "action", header: t("jobAction"), render: (job) => t(`actions.${job.action}.name`) }}
      stop="users.stopJob"
      onStop={(id) => stop.mutate({ id })}
      isStopping={stop.isPending}
    />
  );
}
