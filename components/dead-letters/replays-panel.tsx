"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { JobsPanel } from "@/components/kit/jobs-panel.tsx";
import { api } from "@/lib/api/client.ts";

/** The latest jobs that brought events back, with a way to end one that runs. */
export function ReplaysPanel() {
  const t = useTranslations("deadLetters");
  const jobs = useQuery(
    api.forward.replays.queryOptions({
      refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? 1000 : 15_000),
    }),
  );
  const stop = useMutation(api.forward.stopReplay.mutationOptions());
  return (
    <JobsPanel
      title={t("jobs")}
      jobs={(jobs.data?.items ?? []).map((job) => ({ ...job, done: job.replayed, failed: job.left }))}
      about={{
        id: "kind",
        header: t("which"),
        render: ({ kind, to }) =>
          to === null ? t(`jobKinds.${kind}`) : t("jobTo", { what: t(`jobKinds.${kind}`), to }),
      }}
      stop="forward.stopReplay"
      onStop={(id) => stop.mutate({ id })}
      isStopping={stop.isPending}
    />
  );
}
