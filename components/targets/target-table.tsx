"use client";

import { useFormatter, useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { May } from "@/components/kit/may.tsx";
import { TargetKindIcon } from "@/components/kit/target-kind.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { visible } from "@/lib/format/visible.ts";
import { TargetLatency } from "./target-latency.tsx";
import { type TargetActions, TargetMenu } from "./target-menu.tsx";
import { TargetState } from "./target-state.tsx";
import { useTargetSummary } from "./target-summary.ts";
import { useTargetLatency } from "./use-target-latency.ts";

export function TargetTable({ targets, ...actions }: { targets: TargetHealth[] } & TargetActions) {
  const t = useTranslations();
  const sentence = useSentence();
  const format = useFormatter();
  const summary = useTargetSummary();
  const latency = useTargetLatency();
  const columns: Column<TargetHealth>[] = [
    {
      id: "name",
      header: t("targets.columns.name"),
      render: (row) => (
        <span className="flex items-start gap-2">
          <TargetKindIcon kind={row.target.kind} className="mt-0.5 size-4 shrink-0 text-ink-3" />
          <span className="min-w-0">
            <button
              type="button"
              className="font-medium underline-offset-2 hover:underline"
              onClick={() => actions.onEdit(row)}
            >
              {row.name}
            </button>
            <bdi className="block max-w-80 truncate text-meta text-ink-3">{visible(summary(row.target))}</bdi>
          </span>
        </span>
      ),
    },
    {
      id: "state",
      header: t("targets.columns.state"),
      render: (row) => (
        <span>
          <TargetState target={row} />
          {row.lastError && row.breaker !== "closed" ? (
            <bdi className="block max-w-72 truncate text-meta text-ink-3" title={sentence(row.lastError)}>
              {sentence(row.lastError)}
            </bdi>
          ) : null}
        </span>
      ),
    },
    {
      id: "devices",
      header: t("targets.columns.devices"),
      isNumber: true,
      render: (row) =>
        row.devices === null ? (
          <span className="text-ink-3">—</span>
        ) : (
          <Count value={row.devices} href={`/devices?target=${encodeURIComponent(row.name)}`} />
        ),
    },
    {
      id: "delivered",
      header: t("targets.columns.delivered"),
      isNumber: true,
      render: (row) => {
        const all = row.delivered24h + row.failed24h;
        return (
          <span className="whitespace-nowrap">
            {format.number(row.delivered24h)}
            <span className="ml-1.5 text-ink-3">
              {all === 0 ? "" : format.number(row.delivered24h / all, { style: "percent", maximumFractionDigits: 1 })}
            </span>
          </span>
        );
      },
    },
    {
      id: "latency",
      header: t("targets.columns.latency"),
      isNumber: true,
      render: (row) => <TargetLatency target={row} latency={latency(row.name)} />,
    },
    {
      id: "backlog",
      header: t("targets.columns.backlog"),
      isNumber: true,
      render: (row) => (
        <Count value={row.backlog} href={`/forward?target=${encodeURIComponent(row.name)}&state=queued`} />
      ),
    },
    {
      id: "dead",
      header: t("targets.columns.dead"),
      isNumber: true,
      render: (row) => <Count value={row.dead} href={`/forward/dead?target=${encodeURIComponent(row.name)}`} isBad />,
    },
    { id: "last", header: t("targets.columns.last"), render: (row) => <TimeText at={row.lastDeliveredAt} /> },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (row) => (
        <span className="inline-flex items-center gap-1.5">
          <May call="forward.testTarget">
            <Button size="sm" onClick={() => actions.onTest(row)}>
              {t("targets.test")}
            </Button>
          </May>
          <TargetMenu target={row} {...actions} />
        </span>
      ),
    },
  ];
  return (
    <DataTable
      name="targets"
      label={t("targets.targets")}
      columns={columns}
      rows={targets}
      rowKey={(row) => row.name}
    />
  );
}

function Count({ value, href, isBad }: { value: number; href: string; isBad?: boolean }) {
  const format = useFormatter();
  if (value === 0) return <span className="text-ink-3">0</span>;
  return (
    <Link
      href={href}
      className={isBad ? "text-err underline-offset-2 hover:underline" : "underline-offset-2 hover:underline"}
    >
      {format.number(value)}
    </Link>
  );
}
