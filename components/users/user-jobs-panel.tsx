"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { jobPollMs } from "@/components/kit/job-progress.tsx";
import { JobsPanel } from "@/components/kit/jobs-panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";

/** How long a job that has ended is still shown. */
const shownMs = 600_000;

/** Jobs on accounts that are under way or have just ended, with a way to end one that runs. */
export function UserJobsPanel() {
  const t = useTranslations("bulk");
  const may = useMay();
  const [openedAt] = useState(() => Date.now());
  const jobs = useQuery(
    api.users.jobs.queryOptions({
      enabled: may("users.startJob"),
      refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? jobPollMs : 15_000),
    }),
  );
  const stop = useMutation(api.users.stopJob.mutationOptions());
  const isShown = (finishedAt: string | null) => finishedAt === null || Date.parse(finishedAt) > openedAt - shownMs;
  return (
    <JobsPanel
      title={t("jobs")}
      jobs={(jobs.data?.items ?? []).filter(({ finishedAt }) => isShown(finishedAt))}
      about={{ id: "action", header: t("jobAction"), render: (job) => t(`actions.${job.action}.name`) }}
      stop="users.stopJob"
      onStop={(id) => stop.mutate({ id })}
      isStopping={stop.isPending}
    />
  );
}
