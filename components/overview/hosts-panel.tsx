"use client";

import { useFormatter, useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { HostSummary } from "@/lib/contracts/hosts.ts";

/** `count`: of all there are. */
export function HostsPanel({ hosts, count }: { hosts: HostSummary[]; count: number }) {
  const t = useTranslations();
  const format = useFormatter();
  const columns: Column<HostSummary>[] = [
    {
      id: "host",
      header: t("overview.columns.host"),
      render: (row) => (
        <Link
          href={`/users?host=${encodeURIComponent(row.host)}`}
          className="font-medium underline-offset-2 hover:underline"
        >
          <bdi>{row.host}</bdi>
        </Link>
      ),
    },
    { id: "online", header: t("overview.columns.online"), render: (row) => format.number(row.online), isNumber: true },
    { id: "users", header: t("overview.columns.users"), render: (row) => format.number(row.users), isNumber: true },
    {
      id: "queue",
      header: t("overview.columns.queue"),
      render: (row) => format.number(row.offlineMessages),
      isNumber: true,
    },
    {
      id: "registration",
      header: t("overview.columns.registration"),
      render: (row) => t(`registration.modes.${row.registration}`),
    },
  ];
  return (
    <Panel
      title={t("overview.hosts")}
      note={hosts.length < count ? t("overview.hostsShown", { shown: hosts.length, count }) : null}
      flush
      action={
        <Link href="/hosts" className="text-meta text-accent underline-offset-2 hover:underline">
          {t("overview.allHosts")}
        </Link>
      }
    >
      <DataTable label={t("overview.hosts")} columns={columns} rows={hosts} rowKey={(row) => row.host} />
    </Panel>
  );
}
