"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Check, CirclePause, Ellipsis, Plus, TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { AddHostDialog } from "./add-host-dialog.tsx";
import { CertificateText } from "./certificate-text.tsx";
import { RemoveHostDialog } from "./remove-host-dialog.tsx";

export function HostsPage() {
  const t = useTranslations("hosts");
  const hosts = useQuery(api.hosts.list.queryOptions());
  const [isAdding, setAdding] = useCreateFlag();
  const [disabling, setDisabling] = useState<HostSummary | null>(null);
  const [removing, setRemoving] = useState<HostSummary | null>(null);
  const update = useMutation(api.hosts.update.mutationOptions({ meta: { inline: true } }));
  const setEnabled = async (host: string, enabled: boolean) => {
    await update.mutateAsync({ host, enabled });
    toast.success(t(enabled ? "enabledDone" : "disabledDone", { host }));
  };
  const columns = useHostColumns({
    onToggle: (row) => (row.enabled ? setDisabling(row) : void setEnabled(row.host, true)),
    onRemove: setRemoving,
  });
  const name = disabling?.host ?? "";

  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <May call="hosts.add">
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden className="size-4" />
              {t("add")}
            </Button>
          </May>
        }
      />
      <Panel flush>
        <QueryView query={hosts} skeleton={<TableSkeleton rows={4} columns={6} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState
                title={t("empty")}
                text={t("emptyText")}
                action={
                  <May call="hosts.add">
                    <Button onClick={() => setAdding(true)}>{t("add")}</Button>
                  </May>
                }
                command="nightpost host add example.org"
              />
            ) : (
              <DataTable name="hosts" label={t("title")} columns={columns} rows={items} rowKey={(row) => row.host} />
            )
          }
        </QueryView>
      </Panel>
      <AddHostDialog open={isAdding} onOpenChange={setAdding} />
      <ConfirmDialog
        open={disabling !== null}
        onOpenChange={(open) => !open && setDisabling(null)}
        title={t("disableTitle", { host: name })}
        text={t("disableText", { online: disabling?.online ?? 0 })}
        confirm={t("disable")}
        danger
        onConfirm={() => setEnabled(name, false)}
      >
        <Equivalent method="PATCH" path={`/hosts/${encodeURIComponent(name)}`} body={{ enabled: false }} />
      </ConfirmDialog>
      <RemoveHostDialog host={removing} onClose={() => setRemoving(null)} />
    </Page>
  );
}

interface Actions {
  onToggle: (row: HostSummary) => void;
  onRemove: (row: HostSummary) => void;
}

function useHostColumns({ onToggle, onRemove }: Actions): Column<HostSummary>[] {
  const t = useTranslations();
  const format = useFormatter();
  return [
    {
      id: "host",
      header: t("hosts.columns.host"),
      render: (row) => (
        <Link
          href={`/users?host=${encodeURIComponent(row.host)}`}
          className="font-medium underline-offset-2 hover:underline"
        >
          <bdi>{row.host}</bdi>
        </Link>
      ),
    },
    {
      id: "state",
      header: t("hosts.columns.state"),
      render: (row) => {
        const Icon = row.enabled ? Check : CirclePause;
        return (
          <span
            className={
              row.enabled ? "inline-flex items-center gap-1.5 text-ok" : "inline-flex items-center gap-1.5 text-ink-3"
            }
          >
            <Icon aria-hidden className="size-3.5" />
            {t(row.enabled ? "hosts.enabled" : "hosts.disabled")}
          </span>
        );
      },
    },
    { id: "users", header: t("hosts.columns.users"), isNumber: true, render: (row) => format.number(row.users) },
    { id: "online", header: t("hosts.columns.online"), isNumber: true, render: (row) => format.number(row.online) },
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
      render: (row) => <CertificateText certificate={row.certificate} />,
    },
    {
      id: "overrides",
      header: t("hosts.columns.overrides"),
      render: (row) => (
        <span className="text-ink-2">
          {row.overrides === 0 ? t("hosts.overridesNone") : t("hosts.overrides", { count: row.overrides })}
        </span>
      ),
    },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (row) => (
        <May call="hosts.update" host={row.host}>
          <Menu
            trigger={
              <IconButton label={`${t("common.more")}: ${row.host}`} size="sm">
                <Ellipsis aria-hidden className="size-4" />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => onToggle(row)}>{t(row.enabled ? "hosts.disable" : "hosts.enable")}</MenuItem>
            <MenuSeparator />
            <MenuItem danger onSelect={() => onRemove(row)}>
              {t("hosts.remove")}
            </MenuItem>
          </Menu>
        </May>
      ),
    },
  ];
}
