"use client";

import { Ellipsis, Plug, Unplug } from "lucide-react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { ExternalComponent } from "@/lib/contracts/components.ts";
import { countRights } from "@/lib/contracts/count-rights.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { visible } from "@/lib/format/visible.ts";

export type ComponentAction = "rights" | "rotate" | "disconnect" | "remove";

interface Props {
  components: readonly ExternalComponent[];
  onAct: (action: ComponentAction, component: ExternalComponent) => void;
}

export function ComponentTable({ components, onAct }: Props) {
  const t = useTranslations();
  const { colon } = useJoints();
  const format = useFormatter();
  const locale = useLocale();
  const may = useMay();
  const traffic = (one: { stanzas: number; bytes: number } | undefined) =>
    one === undefined ? (
      "—"
    ) : (
      <span>
        {format.number(one.stanzas)}
        <span className="block text-meta text-ink-3">{formatBytes(one.bytes, locale)}</span>
      </span>
    );
  const columns: Column<ExternalComponent>[] = [
    {
      id: "domain",
      header: t("components.columns.domain"),
      render: ({ domain, name }) => (
        <span className="min-w-0">
          <bdi className="font-medium wrap-anywhere">{domain}</bdi>
          {name === "" ? null : <bdi className="block text-meta text-ink-3">{visible(name)}</bdi>}
        </span>
      ),
    },
    {
      id: "host",
      header: t("components.columns.host"),
      render: ({ host, isForAllHosts }) => (
        <span>
          <bdi>{host}</bdi>
          {isForAllHosts ? <span className="block text-meta text-ink-3">{t("components.allHosts")}</span> : null}
        </span>
      ),
    },
    { id: "state", header: t("components.columns.state"), render: (row) => <State component={row} /> },
    {
      id: "address",
      header: t("components.columns.address"),
      render: ({ connection }) => <span className="font-mono text-meta">{connection?.address ?? "—"}</span>,
    },
    {
      id: "received",
      header: t("components.columns.received"),
      isNumber: true,
      render: ({ connection }) => traffic(connection?.received),
    },
    {
      id: "sent",
      header: t("components.columns.sent"),
      isNumber: true,
      render: ({ connection }) => traffic(connection?.sent),
    },
    {
      id: "secret",
      header: t("components.columns.secret"),
      render: ({ secretFrom }) => <span className="text-ink-2">{t(`components.secretFrom.${secretFrom}`)}</span>,
    },
    {
      id: "rights",
      header: t("components.columns.rights"),
      render: (row) => {
        const count = countRights(row);
        return (
          <span className="text-ink-2">
            {count === 0 ? t("components.rightsOf.none") : t("components.rightsOf.some", { count })}
          </span>
        );
      },
    },
  ];
  if (may("components.remove")) {
    columns.push({
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (component) => (
        <Menu
          trigger={
            <IconButton label={`${t("common.more")}${colon}${component.domain}`} size="sm">
              <Ellipsis aria-hidden className="size-4" />
            </IconButton>
          }
        >
          <MenuItem onSelect={() => onAct("rights", component)}>{t("components.rights")}</MenuItem>
          <MenuItem onSelect={() => onAct("rotate", component)}>{t("components.rotate")}</MenuItem>
          <MenuItem disabled={component.connection === null} onSelect={() => onAct("disconnect", component)}>
            {t("components.disconnect")}
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger onSelect={() => onAct("remove", component)}>
            {t("components.remove")}
          </MenuItem>
        </Menu>
      ),
    });
  }
  return (
    <DataTable
      name="components"
      label={t("components.title")}
      columns={columns}
      rows={components}
      rowKey={({ domain }) => domain}
    />
  );
}

function State({ component: { connection, lastSeenAt } }: { component: ExternalComponent }) {
  const t = useTranslations("components");
  const Icon = connection === null ? Unplug : Plug;
  const since = connection === null ? lastSeenAt : connection.since;
  return (
    <span className="inline-flex flex-col">
      <span className={`inline-flex items-center gap-1.5 ${connection === null ? "text-ink-3" : "text-ok"}`}>
        <Icon aria-hidden className="size-3.5" />
        {t(connection === null ? "notConnected" : "connected")}
      </span>
      {since === null ? null : (
        <span className="text-meta text-ink-3">
          {connection === null ? `${t("lastSeen")} ` : null}
          <TimeText at={since} />
        </span>
      )}
    </span>
  );
}
