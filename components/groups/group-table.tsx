"use client";

import { useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { Group } from "@/lib/contracts/groups.ts";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  groups: readonly Group[];
  onEdit: (group: Group) => void;
  onMembers: (group: Group) => void;
  onRemove: (group: Group) => void;
}

export function GroupTable({ groups, onEdit, onMembers, onRemove }: Props) {
  const t = useTranslations();
  const { comma } = useJoints();
  const labelOf = (host: string, name: string): string =>
    groups.find((each) => each.host === host && each.name === name)?.label ?? name;
  const columns: Column<Group>[] = [
    {
      id: "name",
      header: t("groups.columns.name"),
      render: (group) => (
        <span className="block max-w-80 min-w-0">
          <button
            type="button"
            className="min-h-6 text-left font-medium underline-offset-2 hover:underline"
            onClick={() => onMembers(group)}
          >
            <bdi className="wrap-anywhere">{visible(group.label)}</bdi>
          </button>
          {group.label === group.name && group.description === "" ? null : (
            <bdi className="block truncate text-meta text-ink-3">
              {[group.label === group.name ? "" : group.name, group.description]
                .filter(Boolean)
                .map(visibleText)
                .join(" · ")}
            </bdi>
          )}
        </span>
      ),
    },
    {
      id: "host",
      header: t("groups.columns.host"),
      render: ({ host }) => <bdi className="wrap-anywhere">{visible(host)}</bdi>,
    },
    {
      id: "members",
      header: t("groups.columns.members"),
      render: ({ members, listed }) =>
        members === "listed" ? (
          <span className="tabular-nums">{t("groups.listed", { count: listed })}</span>
        ) : (
          <span className="block">
            {t(`groups.memberships.${members}`)}
            {listed > 0 ? (
              <span className="block text-meta text-ink-3 tabular-nums">{t("groups.listed", { count: listed })}</span>
            ) : null}
          </span>
        ),
    },
    {
      id: "displays",
      header: t("groups.columns.displays"),
      render: ({ host, displays }) =>
        displays.length === 0 ? (
          <span className="text-ink-3">{t("groups.nobody")}</span>
        ) : (
          <bdi className="wrap-anywhere">{displays.map((name) => visible(labelOf(host, name))).join(comma)}</bdi>
        ),
    },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (group) => (
        <span className="inline-flex flex-wrap gap-2">
          <Button size="sm" onClick={() => onMembers(group)}>
            {t("groups.editMembers")}
          </Button>
          <May call="groups.update" host={group.host}>
            <Button size="sm" onClick={() => onEdit(group)}>
              {t("common.edit")}
            </Button>
            <Button size="sm" variant="danger-quiet" onClick={() => onRemove(group)}>
              {t("groups.remove")}
            </Button>
          </May>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      name="groups"
      label={t("groups.title")}
      columns={columns}
      rows={groups}
      rowKey={({ host, name }) => `${name} on ${host}`}
      onOpen={onMembers}
    />
  );
}

const visibleText = (text: string): string => visible(text);
