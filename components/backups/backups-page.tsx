"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { DatabaseBackup } from "lucide-react";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Backup } from "@/lib/contracts/backups.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { useBackupColumns } from "./backup-columns.tsx";
import { CreateBackupDialog } from "./create-dialog.tsx";
import { RestoreDialog } from "./restore-dialog.tsx";
import { SchedulePanel } from "./schedule-panel.tsx";
import { useDownload } from "./use-download.ts";
import { VerifyDialog } from "./verify-dialog.tsx";

export type BackupAct = "verify" | "restore" | "remove" | "download";

export function BackupsPage() {
  const t = useTranslations("backups");
  const format = useFormatter();
  const [isCreating, setCreating] = useState(false);
  const [act, setAct] = useState<{ name: BackupAct; backup: Backup } | null>(null);
  const list = useQuery(api.backups.list.queryOptions());
  const remove = useMutation(api.backups.remove.mutationOptions({ meta: { inline: true } }));
  const download = useDownload();
  const columns = useBackupColumns((name, backup) =>
    name === "download" ? download(backup.id) : setAct({ name, backup }),
  );
  const close = () => setAct(null);
  const of = (name: BackupAct) => (act?.name === name ? act.backup : null);
  const add = (
    <May call="backups.create">
      <Button variant="primary" onClick={() => setCreating(true)}>
        <DatabaseBackup aria-hidden className="size-4" />
        {t("create")}
      </Button>
    </May>
  );
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} actions={add} />
      <QueryView
        query={list}
        skeleton={
          <Panel flush>
            <TableSkeleton rows={4} columns={6} />
          </Panel>
        }
      >
        {({ items, task, schedule, hasPassphrase, failure, directory }) => (
          <>
            {failure === null ? null : <Banner tone="err">{t("failure", { reason: visible(failure.reason) })}</Banner>}
            {task === null ? null : <Banner>{t(`tasks.${task}`)}</Banner>}
            <Panel flush>
              {items.length === 0 ? (
                <EmptyState
                  title={t("empty")}
                  text={t("emptyText")}
                  action={
                    <May call="backups.create">
                      <Button onClick={() => setCreating(true)}>{t("create")}</Button>
                    </May>
                  }
                  command="nightpost backup create"
                />
              ) : (
                <>
                  <DataTable name="backups" label={t("title")} columns={columns} rows={items} rowKey={({ id }) => id} />
                  <p className="border-t border-line px-4 py-2.5 text-meta text-ink-3">
                    {t.rich("where", {
                      count: format.number(items.length),
                      path: () => <code className="font-mono wrap-anywhere">{directory}</code>,
                    })}
                  </p>
                </>
              )}
            </Panel>
            <SchedulePanel schedule={schedule} hasPassphrase={hasPassphrase} />
          </>
        )}
      </QueryView>
      <CreateBackupDialog open={isCreating} onClose={() => setCreating(false)} />
      <VerifyDialog backup={of("verify")} onClose={close} />
      <RestoreDialog backup={of("restore")} onClose={close} />
      <ConfirmDialog
        open={of("remove") !== null}
        onOpenChange={(open) => !open && close()}
        title={t("removeTitle")}
        text={t("removeText", { id: act?.backup.id ?? "" })}
        confirm={t("remove").replace("…", "")}
        danger
        onConfirm={async () => {
          await remove.mutateAsync({ id: act?.backup.id ?? "" });
          toast.success(t("removed"));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "backup", "remove", act?.backup.id ?? "")}
          method="DELETE"
          path={`/backups/${act?.backup.id ?? ""}`}
        />
      </ConfirmDialog>
    </Page>
  );
}
