"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { jobPollMs } from "@/components/kit/job-progress.tsx";
import { JobsPanel } from "@/components/kit/jobs-panel.tsx";
import { api } from "@/lib/api/client.ts";

/** The latest purges, with a way to end one that runs. */
export function PurgesPanel() {
  const t = useTranslations("offline");
  const jobs = useQuery(
    api.offline.purges.queryOptions({
      refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? jobPollMs : 15_000),
    }),
  );
  const stop = useMutation(api.offline.stopPurge.mutationOptions());
  return (
    <JobsPanel
      title={t("jobs")}
      jobs={jobs.data?.items ?? []}
      stop="offline.stopPurge"
      onStop={(id) => stop.mutate({ id })}
      isStopping={stop.isPending}
    />
  );
}
