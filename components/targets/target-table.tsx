"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { Ellipsis } from "lucide-react";
import { toast } from "sonner";
import { useFormatter, useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { visible } from "@/lib/format/visible.ts";
import { TargetState } from "./target-state.tsx";

interface Props {
  targets: TargetHealth[];
  onEdit: (target: TargetHealth) => void;
  onTest: (target: TargetHealth) => void;
  onRotate: (target: TargetHealth) => void;
  onRemove: (target: TargetHealth) => void;
}

export function TargetTable({ targets, onEdit, onTest, onRotate, onRemove }: Props) {
  const t = useTranslations();
  const format = useFormatter();
  const pause = useMutation(api.forward.pauseTarget.mutationOptions());
  const setPaused = (name: string, paused: boolean) =>
    pause.mutate(
      { name, paused },
      {
        onSuccess: () =>
          toast.success(t(paused ? "targets.paused" : "targets.resumed", { name }), {
            duration: 10_000,
            action: { label: t("common.undo"), onClick: () => pause.mutate({ name, paused: !paused }) },
          }),
      },
    );
  const columns: Column<TargetHealth>[] = [
    {
      id: "name",
      header: t("targets.columns.name"),
      render: (row) => (
        <span>
          <button type="button" className="font-medium underline-offset-2 hover:underline" onClick={() => onEdit(row)}>
            {row.name}
          </button>
          <bdi className="block max-w-80 truncate font-mono text-meta text-ink-3">{visible(row.target.url)}</bdi>
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
            <bdi className="block max-w-72 truncate text-meta text-ink-3" title={visible(row.lastError)}>
              {visible(row.lastError)}
            </bdi>
          ) : null}
        </span>
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
      render: (row) => (
        <Count value={row.dead} href={`/forward?target=${encodeURIComponent(row.name)}&state=dead`} isBad />
      ),
    },
    { id: "last", header: t("targets.columns.last"), render: (row) => <TimeText at={row.lastDeliveredAt} /> },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (row) => (
        <span className="inline-flex items-center gap-1.5">
          <Button size="sm" onClick={() => onTest(row)}>
            {t("targets.test")}
          </Button>
          <Menu
            trigger={
              <IconButton label={`${t("common.more")}: ${row.name}`} size="sm">
                <Ellipsis aria-hidden className="size-4" />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => onEdit(row)}>{t("common.edit")}</MenuItem>
            <MenuItem onSelect={() => setPaused(row.name, !row.target.paused)}>
              {t(row.target.paused ? "targets.resumeAction" : "targets.pauseAction")}
            </MenuItem>
            <MenuItem onSelect={() => onRotate(row)}>{t("targets.rotate")}</MenuItem>
            <MenuItem asChild>
              <Link href={`/forward?target=${encodeURIComponent(row.name)}`}>{t("targets.openLog")}</Link>
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger onSelect={() => onRemove(row)}>
              {t("targets.remove")}
            </MenuItem>
          </Menu>
        </span>
      ),
    },
  ];
  return <DataTable label={t("targets.targets")} columns={columns} rows={targets} rowKey={(row) => row.name} />;
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
