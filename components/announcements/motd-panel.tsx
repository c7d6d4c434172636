"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Motd } from "@/lib/contracts/announcements.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { MotdDialog } from "./motd-dialog.tsx";

/** What each account is told once at its next login, by host. */
export function MotdPanel() {
  const t = useTranslations();
  const actorText = useActorText();
  const [editing, setEditing] = useState<Motd | "new" | null>(null);
  const [removing, setRemoving] = useState<Motd | null>(null);
  const motds = useQuery(api.announcements.motds.queryOptions());
  const remove = useMutation(api.announcements.removeMotd.mutationOptions({ meta: { inline: true } }));
  const host = removing?.host ?? "";
  return (
    <Panel
      title={t("announcements.motd")}
      flush
      action={
        <May call="announcements.setMotd">
          <Button size="sm" onClick={() => setEditing("new")}>
            {t("announcements.motdSet")}
          </Button>
        </May>
      }
    >
      <QueryView query={motds} skeleton={<TableSkeleton rows={1} columns={4} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("announcements.motdNone")}</p>
          ) : (
            <DataTable
              label={t("announcements.motd")}
              rows={items}
              rowKey={(motd) => motd.host}
              columns={[
                {
                  id: "host",
                  header: t("announcements.motdColumns.host"),
                  render: (motd) => <bdi className="font-medium">{visible(motd.host)}</bdi>,
                },
                {
                  id: "text",
                  header: t("announcements.motdColumns.text"),
                  render: ({ subject, body }) => (
                    <span className="block max-w-96 min-w-0">
                      {subject === "" ? null : <bdi className="block truncate font-medium">{visible(subject)}</bdi>}
                      <bdi className="block truncate text-ink-2">{visible(body)}</bdi>
                    </span>
                  ),
                },
                {
                  id: "by",
                  header: t("announcements.motdColumns.by"),
                  render: ({ setBy }) => <bdi className="wrap-anywhere">{actorText(setBy)}</bdi>,
                },
                { id: "at", header: t("announcements.motdColumns.at"), render: ({ setAt }) => <TimeText at={setAt} /> },
                {
                  id: "actions",
                  header: t("common.actions"),
                  isBare: true,
                  isNumber: true,
                  render: (motd) => (
                    <May call="announcements.setMotd" host={motd.host}>
                      <span className="inline-flex gap-2">
                        <Button size="sm" onClick={() => setEditing(motd)}>
                          {t("common.edit")}
                        </Button>
                        <Button size="sm" variant="danger-quiet" onClick={() => setRemoving(motd)}>
                          {t("announcements.motdRemove")}
                        </Button>
                      </span>
                    </May>
                  ),
                },
              ]}
            />
          )
        }
      </QueryView>
      <MotdDialog motd={editing} onClose={() => setEditing(null)} />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t("announcements.motdRemoveTitle")}
        text={t("announcements.motdRemoveText", { host: visible(host) })}
        confirm={t("announcements.motdRemove")}
        danger
        onConfirm={async () => {
          await remove.mutateAsync({ host });
          toast.success(t("announcements.motdRemoved"));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "motd", "remove", host)}
          method="DELETE"
          path={`/motd/${encodeURIComponent(host)}`}
        />
      </ConfirmDialog>
    </Panel>
  );
}
