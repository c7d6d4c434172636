"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { VerbName } from "@/lib/api/me.ts";
import type { Job } from "@/lib/contracts/jobs.ts";
import { useActorText } from "./audit-words.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { May } from "./may.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { TimeText } from "./time-text.tsx";

const tones: Record<Job["state"], Tone> = { running: "accent", done: "ok", stopped: "neutral", failed: "err" };

type Shown = Pick<Job, "id" | "by" | "startedAt" | "finishedAt" | "state" | "done" | "matching"> &
  Partial<Pick<Job, "failed">>;

interface Props<T extends Shown> {
  title: string;
  jobs: readonly T[];
  /** What they are about, where that is not always the same. */
  about?: Column<T>;
  stop: VerbName;
  onStop: (id: string) => void;
  isStopping: boolean;
}

/** How long a job that has ended is still shown. The audit log has it for good. */
const shownMs = 600_000;

/** Jobs of a kind that are under way or have just ended, with a way to end one that runs. Nothing while there are none. */
export function JobsPanel<T extends Shown>({ title, jobs, about, stop, onStop, isStopping }: Props<T>) {
  const t = useTranslations();
  const actorText = useActorText();
  const [openedAt] = useState(() => Date.now());
  const shown = jobs.filter(({ finishedAt }) => finishedAt === null || Date.parse(finishedAt) > openedAt - shownMs);
  if (shown.length === 0) return null;
  const columns: Column<T>[] = [
    ...(about ? [about] : []),
    {
      id: "state",
      header: t("jobs.state"),
      render: ({ state }) => <Badge tone={tones[state]}>{t(`jobs.states.${state}`)}</Badge>,
    },
    {
      id: "done",
      header: t("jobs.done"),
      render: ({ done, matching, failed = 0 }) => (
        <span className="inline-flex items-center gap-2 whitespace-nowrap">
          <ProgressBar label={t("jobs.done")} value={done + failed} max={matching} className="w-24" />
          {t("jobs.progress", { done, matching })}
          {failed > 0 ? <span className="text-warn">{t("jobs.failed", { count: failed })}</span> : null}
        </span>
      ),
    },
    { id: "at", header: t("jobs.started"), render: ({ startedAt }) => <TimeText at={startedAt} /> },
    { id: "by", header: t("audit.actor"), render: ({ by }) => <bdi>{actorText(by)}</bdi> },
    {
      id: "stop",
      header: t("jobs.stop"),
      isBare: true,
      isNumber: true,
      render: ({ id, state }) =>
        state === "running" ? (
          <May call={stop}>
            <Button size="sm" disabled={isStopping} onClick={() => onStop(id)}>
              {t("jobs.stop")}
            </Button>
          </May>
        ) : null,
    },
  ];
  return (
    <Panel title={title} flush>
      <DataTable label={title} rows={shown} rowKey={({ id }) => id} columns={columns} />
    </Panel>
  );
}
