"use client";

import { useFormatter, useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { May } from "@/components/kit/may.tsx";
import { ProgressBar } from "@/components/kit/progress-bar.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { Announcement } from "@/lib/contracts/announcements.ts";
import { visible } from "@/lib/format/visible.ts";

const tones: Record<Announcement["state"], Tone> = {
  running: "accent",
  done: "ok",
  stopped: "neutral",
  failed: "err",
};

interface Props {
  announcements: readonly Announcement[];
  onStop: (announcement: Announcement) => void;
}

export function AnnouncementTable({ announcements, onStop }: Props) {
  const t = useTranslations();
  const format = useFormatter();
  const actorText = useActorText();
  const columns: Column<Announcement>[] = [
    {
      id: "text",
      header: t("announcements.columns.text"),
      render: ({ subject, body }) => (
        <span className="block max-w-96 min-w-0">
          {subject === "" ? null : <bdi className="block truncate font-medium">{visible(subject)}</bdi>}
          <bdi className="block truncate text-ink-2">{visible(body)}</bdi>
        </span>
      ),
    },
    {
      id: "audience",
      header: t("announcements.columns.audience"),
      render: ({ audience, host }) => (
        <span className="block">
          {t(`announcements.audiences.${audience.kind}`)}
          <bdi className="block text-meta text-ink-3">{host === null ? t("common.allHosts") : visible(host)}</bdi>
        </span>
      ),
    },
    {
      id: "state",
      header: t("announcements.columns.state"),
      render: ({ state }) => <Badge tone={tones[state]}>{t(`announcements.states.${state}`)}</Badge>,
    },
    {
      id: "progress",
      header: t("announcements.columns.progress"),
      render: ({ sent, skipped, matching }) => (
        <span className="inline-flex flex-wrap items-center gap-x-2 whitespace-nowrap tabular-nums">
          <ProgressBar
            label={t("announcements.columns.progress")}
            value={sent + skipped}
            max={matching}
            className="w-24"
          />
          {format.number(sent)} / {format.number(matching)}
          {skipped > 0 ? (
            <span className="text-meta text-ink-3">{t("announcements.skipped", { count: skipped })}</span>
          ) : null}
        </span>
      ),
    },
    {
      id: "by",
      header: t("announcements.columns.by"),
      render: ({ createdBy }) => <bdi className="wrap-anywhere">{actorText(createdBy)}</bdi>,
    },
    { id: "at", header: t("announcements.columns.at"), render: ({ createdAt }) => <TimeText at={createdAt} /> },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      className: "max-sm:empty:hidden",
      render: (one) =>
        one.state === "running" ? (
          <May call="announcements.stop" host={one.host}>
            <Button size="sm" variant="danger-quiet" onClick={() => onStop(one)}>
              {t("announcements.stop")}
            </Button>
          </May>
        ) : null,
    },
  ];
  return (
    <DataTable
      name="announcements"
      label={t("announcements.title")}
      columns={columns}
      rows={announcements}
      rowKey={({ id }) => id}
    />
  );
}
