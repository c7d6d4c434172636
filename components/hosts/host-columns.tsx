"use client";

import { TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import type { Column } from "@/components/kit/data-table.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { CertificateText } from "./certificate-text.tsx";
import { hostHref } from "./host-href.ts";
import { HostMenu } from "./host-menu.tsx";
import { HostState } from "./host-state.tsx";
import { NamesMark } from "./names-mark.tsx";

export function useHostColumns(): Column<HostSummary>[] {
  const t = useTranslations();
  const format = useFormatter();
  return [
    {
      id: "host",
      header: t("hosts.columns.host"),
      render: (row) => (
        <Link href={hostHref(row.host)} className="font-medium underline-offset-2 hover:underline">
          <bdi>{row.host}</bdi>
        </Link>
      ),
    },
    { id: "state", header: t("hosts.columns.state"), render: (row) => <HostState host={row} /> },
    {
      id: "users",
      header: t("hosts.columns.users"),
      isNumber: true,
      render: (row) => (
        <Link href={`/users?host=${encodeURIComponent(row.host)}`} className="underline-offset-2 hover:underline">
          {format.number(row.users)}
        </Link>
      ),
    },
    { id: "online", header: t("hosts.columns.online"), isNumber: true, render: (row) => format.number(row.online) },
    { id: "links", header: t("hosts.columns.links"), isNumber: true, render: (row) => format.number(row.links) },
    {
      id: "queue",
      header: t("hosts.columns.queue"),
      isNumber: true,
      render: (row) => format.number(row.offlineMessages),
    },
    {
      id: "registration",
      header: t("hosts.columns.registration"),
      render: (row) => (
        <Link
          href={`/registration?host=${encodeURIComponent(row.host)}`}
          className="inline-flex items-center gap-1.5 underline-offset-2 hover:underline"
        >
          {row.registration === "open" ? <TriangleAlert aria-hidden className="size-3.5 text-warn" /> : null}
          {t(`registration.modes.${row.registration}`)}
        </Link>
      ),
    },
    {
      id: "certificate",
      header: t("hosts.columns.certificate"),
      className: "min-w-40",
      render: (row) => <CertificateText certificate={row.certificate} />,
    },
    { id: "names", header: t("hosts.columns.names"), render: (row) => <NamesMark host={row.host} /> },
    {
      id: "overrides",
      header: t("hosts.columns.overrides"),
      render: (row) => (
        <Link href={hostHref(row.host)} className="text-ink-2 underline-offset-2 hover:underline">
          {row.overrides === 0 ? t("hosts.overridesNone") : t("hosts.overrides", { count: row.overrides })}
        </Link>
      ),
    },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (row) => <HostMenu host={row} />,
    },
  ];
}
