"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostSetting } from "@/lib/contracts/hosts.ts";
import { ResetDialog } from "./reset-dialog.tsx";
import { useSettingColumns } from "./setting-columns.tsx";

const shown = ["own", "all"] as const;

/** What holds on a host: what it has of its own, and what it takes from the defaults. */
export function SettingsPanel({ host }: { host: string }) {
  const t = useTranslations("hosts");
  const [which, setWhich] = useQueryState("settings", parseAsStringLiteral(shown).withDefault("own"));
  const [resetting, setResetting] = useState<HostSetting | null>(null);
  const settings = useQuery(api.hosts.settings.queryOptions({ input: { host } }));
  const columns = useSettingColumns(host, setResetting);
  return (
    <Panel
      title={t("settings")}
      flush
      action={
        <Segmented
          label={t("settingsShown")}
          value={which}
          onChange={(next) => void setWhich(next)}
          options={shown.map((value) => ({ value, label: t(`settingsFilters.${value}`) }))}
        />
      }
    >
      <QueryView query={settings} skeleton={<TableSkeleton rows={6} columns={4} />}>
        {({ items }) => {
          const rows = which === "all" ? items : items.filter(({ isOwn }) => isOwn);
          return rows.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("settingsNone")}</p>
          ) : (
            <DataTable
              label={t("settings")}
              columns={columns}
              rows={rows}
              rowKey={({ kind, name }) => `${kind} ${name}`}
            />
          );
        }}
      </QueryView>
      {resetting === null ? null : <ResetDialog host={host} setting={resetting} onClose={() => setResetting(null)} />}
    </Panel>
  );
}
