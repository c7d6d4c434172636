"use client";

import { useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import type { Report } from "@/lib/contracts/reports.ts";
import { visible } from "@/lib/format/visible.ts";
import { ReportReason } from "./report-reason.tsx";

export function ReportTable({ reports, onOpen }: { reports: readonly Report[]; onOpen: (report: Report) => void }) {
  const t = useTranslations("reports");
  const columns: Column<Report>[] = [
    {
      id: "jid",
      header: t("columns.jid"),
      render: (report) => (
        <button
          type="button"
          className="min-h-6 text-left underline-offset-2 hover:underline"
          onClick={() => onOpen(report)}
        >
          <JidText jid={report.jid} />
        </button>
      ),
    },
    { id: "reason", header: t("columns.reason"), render: ({ reason }) => <ReportReason reason={reason} /> },
    {
      id: "text",
      header: t("columns.text"),
      render: ({ text }) => <bdi className="block max-w-80 truncate text-ink-2">{visible(text)}</bdi>,
    },
    { id: "reporter", header: t("columns.reporter"), render: ({ reporter }) => <JidText jid={reporter} /> },
    {
      id: "messages",
      header: t("columns.messages"),
      isNumber: true,
      render: ({ messages }) => <span className="tabular-nums">{messages.length}</span>,
    },
    { id: "at", header: t("columns.at"), render: ({ at }) => <TimeText at={at} /> },
    {
      id: "state",
      header: t("columns.state"),
      render: ({ resolved }) =>
        resolved === null ? (
          <Badge tone="warn">{t("openState")}</Badge>
        ) : (
          <Badge tone={resolved.as === "acted" ? "ok" : "neutral"}>{t(`resolutions.${resolved.as}`)}</Badge>
        ),
    },
  ];
  return (
    <DataTable
      name="reports"
      label={t("title")}
      columns={columns}
      rows={reports}
      rowKey={({ id }) => id}
      onOpen={onOpen}
    />
  );
}
