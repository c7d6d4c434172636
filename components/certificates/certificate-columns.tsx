"use client";

import { CircleAlert, CircleCheck, Ellipsis, TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import type { Column } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { HostCertificate } from "@/lib/contracts/certificates.ts";
import { cn } from "@/lib/format/cn.ts";
import { useNow } from "@/lib/format/now.ts";
import { visible } from "@/lib/format/visible.ts";
import type { CertificateAct } from "./certificates-page.tsx";

const dayMs = 86_400_000;
/** Days before the end from which a certificate is told of, as on the overview. */
export const soonDays = { warn: 30, alarm: 3 };

export function useCertificateColumns(
  onAct: (act: CertificateAct, row: HostCertificate) => void,
): Column<HostCertificate>[] {
  const t = useTranslations();
  const { colon } = useJoints();
  const may = useMay();
  return [
    {
      id: "host",
      header: t("certificates.columns.host"),
      render: (row) => (
        <button
          type="button"
          className="min-h-6 font-medium underline-offset-2 hover:underline"
          onClick={() => onAct("open", row)}
        >
          <bdi>{row.host}</bdi>
        </button>
      ),
    },
    {
      id: "source",
      header: t("certificates.columns.source"),
      render: (row) => t(`certificates.sources.${row.source}`),
    },
    {
      id: "names",
      header: t("certificates.columns.names"),
      render: (row) => <Names row={row} />,
      className: "max-w-72",
    },
    {
      id: "issuer",
      header: t("certificates.columns.issuer"),
      render: ({ certificate }) => (
        <bdi className="block max-w-48 truncate text-ink-2">
          {certificate ? visible(commonName(certificate.issuer)) : "—"}
        </bdi>
      ),
    },
    {
      id: "chain",
      header: t("certificates.columns.chain"),
      render: ({ certificate }) =>
        certificate ? (
          <span className={certificate.chain === "complete" ? "text-ink-2" : "text-warn"}>
            {t(`certificates.chains.${certificate.chain}`)}
          </span>
        ) : (
          "—"
        ),
    },
    { id: "days", header: t("certificates.columns.days"), isNumber: true, render: (row) => <Days row={row} /> },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (row) =>
        may("certificates.upload") && row.source !== "file" ? (
          <Menu
            trigger={
              <IconButton label={`${t("common.more")}${colon}${row.host}`} size="sm">
                <Ellipsis aria-hidden className="size-4" />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => onAct("upload", row)}>{t("certificates.upload")}</MenuItem>
            <MenuItem onSelect={() => onAct("order", row)}>{t("certificates.order")}</MenuItem>
            <MenuItem onSelect={() => onAct("request", row)}>{t("certificates.request")}</MenuItem>
            <MenuSeparator />
            {row.canRollBack ? (
              <MenuItem onSelect={() => onAct("rollback", row)}>{t("certificates.rollback")}</MenuItem>
            ) : null}
            <MenuItem onSelect={() => onAct("selfSign", row)}>{t("certificates.selfSign")}</MenuItem>
          </Menu>
        ) : null,
    },
  ];
}

/** The names it is good for, and those of services that it leaves out. */
function Names({ row: { certificate, host, services } }: { row: HostCertificate }) {
  const t = useTranslations("certificates");
  if (!certificate) return <span className="text-ink-3">—</span>;
  const missing = [
    ...(certificate.covers ? [] : [host]),
    ...services.filter(({ covered }) => !covered).map(({ name }) => name),
  ];
  return (
    <span className="min-w-0">
      <bdi className="block truncate font-mono text-meta" title={certificate.names.join(", ")}>
        {visible(certificate.names.join(", "))}
      </bdi>
      {missing.length === 0 ? null : (
        <span className={cn("block text-meta", certificate.covers ? "text-ink-3" : "text-err")}>
          {t("leftOut", { count: missing.length, name: visible(missing[0] ?? "") })}
        </span>
      )}
    </span>
  );
}

function Days({ row: { certificate } }: { row: HostCertificate }) {
  const t = useTranslations("certificates");
  const format = useFormatter();
  const now = useNow();
  if (!certificate) return "—";
  const days = Math.floor((Date.parse(certificate.notAfter) - now) / dayMs);
  const [Icon, tone] =
    days <= soonDays.alarm
      ? ([CircleAlert, "text-err"] as const)
      : days <= soonDays.warn
        ? ([TriangleAlert, "text-warn"] as const)
        : ([CircleCheck, "text-ok"] as const);
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", tone)} suppressHydrationWarning>
      <Icon aria-hidden className="size-3.5" />
      {days < 0 ? t("expired") : t("days", { count: days, text: format.number(days) })}
    </span>
  );
}

/** What of a distinguished name people know it by. */
export function commonName(name: string): string {
  return /(?:^|\n)CN=(.+)/.exec(name)?.[1] ?? /(?:^|\n)O=(.+)/.exec(name)?.[1] ?? name.replaceAll("\n", ", ");
}
