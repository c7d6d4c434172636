"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { DataTable } from "@/components/kit/data-table.tsx";
import { ProgressBar } from "@/components/kit/progress-bar.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Replay } from "@/lib/contracts/forward.ts";

const tones: Record<Replay["state"], Tone> = { running: "accent", done: "ok", stopped: "neutral", failed: "err" };

/** The latest jobs that brought events back, with a way to end one that runs. */
export function JobsPanel() {
  const t = useTranslations();
  const format = useFormatter();
  const actorText = useActorText();
  const jobs = useQuery(
    api.forward.replays.queryOptions({
      refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? 1000 : 15_000),
    }),
  );
  const stop = useMutation(api.forward.stopReplay.mutationOptions());
  const items = jobs.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={t("deadLetters.jobs")} flush>
      <DataTable
        label={t("deadLetters.jobs")}
        rows={items}
        rowKey={(job) => job.id}
        columns={[
          { id: "kind", header: t("deadLetters.which"), render: (job) => t(`deadLetters.jobKinds.${job.kind}`) },
          {
            id: "state",
            header: t("forward.state"),
            render: (job) => <Badge tone={tones[job.state]}>{t(`forward.replayStates.${job.state}`)}</Badge>,
          },
          {
            id: "progress",
            header: t("deadLetters.progress"),
            render: (job) => (
              <span className="inline-flex items-center gap-2 whitespace-nowrap">
                <ProgressBar
                  label={t("deadLetters.progress")}
                  value={job.replayed}
                  max={job.matching}
                  className="w-24"
                />
                {format.number(job.replayed)} / {format.number(job.matching)}
              </span>
            ),
          },
          { id: "at", header: t("deadLetters.started"), render: (job) => <TimeText at={job.startedAt} /> },
          { id: "by", header: t("audit.actor"), render: (job) => <bdi>{actorText(job.by)}</bdi> },
          {
            id: "stop",
            header: t("forward.replayStop"),
            isBare: true,
            isNumber: true,
            render: (job) =>
              job.state === "running" ? (
                <Button size="sm" disabled={stop.isPending} onClick={() => stop.mutate({ id: job.id })}>
                  {t("forward.replayStop")}
                </Button>
              ) : null,
          },
        ]}
      />
    </Panel>
  );
}
