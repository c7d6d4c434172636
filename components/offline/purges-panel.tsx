"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { DataTable } from "@/components/kit/data-table.tsx";
import { May } from "@/components/kit/may.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { OfflinePurge } from "@/lib/contracts/offline.ts";

const tones: Record<OfflinePurge["state"], Tone> = { running: "accent", done: "ok", stopped: "neutral", failed: "err" };

/** The latest purges, with a way to end one that runs. */
export function PurgesPanel() {
  const t = useTranslations("offline");
  const audit = useTranslations("audit");
  const actorText = useActorText();
  const jobs = useQuery(
    api.offline.purges.queryOptions({
      refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? 500 : 15_000),
    }),
  );
  const stop = useMutation(api.offline.stopPurge.mutationOptions());
  const items = jobs.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={t("jobs")} flush>
      <DataTable
        label={t("jobs")}
        rows={items}
        rowKey={(job) => job.id}
        columns={[
          {
            id: "state",
            header: t("jobs"),
            render: (job) => <Badge tone={tones[job.state]}>{t(`jobStates.${job.state}`)}</Badge>,
          },
          {
            id: "done",
            header: t("columns.messages"),
            render: (job) => (
              <span className="inline-flex items-center gap-2 whitespace-nowrap">
                <progress
                  aria-label={t("jobs")}
                  value={job.done}
                  max={Math.max(1, job.matching)}
                  className="h-1.5 w-24 accent-accent"
                />
                {t("jobDone", { done: job.done, matching: job.matching })}
              </span>
            ),
          },
          { id: "at", header: t("jobStarted"), render: (job) => <TimeText at={job.startedAt} /> },
          { id: "by", header: audit("actor"), render: (job) => <bdi>{actorText(job.by)}</bdi> },
          {
            id: "stop",
            header: t("jobStop"),
            isBare: true,
            isNumber: true,
            render: (job) =>
              job.state === "running" ? (
                <May call="offline.stopPurge">
                  <Button size="sm" disabled={stop.isPending} onClick={() => stop.mutate({ id: job.id })}>
                    {t("jobStop")}
                  </Button>
                </May>
              ) : null,
          },
        ]}
      />
    </Panel>
  );
}
