"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { UploadAccount } from "@/lib/contracts/uploads.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { ByteText } from "./byte-text.tsx";
import { UsageBar } from "./usage-bar.tsx";

const limit = 50;

/** Who has how much, the most first. */
export function AccountsTab({ onOpen }: { onOpen: () => void }) {
  const t = useTranslations("uploads");
  const format = useFormatter();
  const locale = useLocale();
  const may = useMay();
  const [host] = useHost();
  const [, setUser] = useQueryState("user", parseAsString);
  const [removing, setRemoving] = useState<UploadAccount | null>(null);
  const place = useCursor(host ?? "");
  const accounts = useQuery(
    api.uploads.accounts.queryOptions({
      input: { limit, ...(host ? { host } : {}), ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
    }),
  );
  const services = useQuery(api.uploads.services.queryOptions());
  const limitOf = ({ user }: UploadAccount): number | null =>
    services.data?.items.find((service) => user.endsWith(`@${service.host}`))?.limits?.accountBytes ?? null;
  const removeOf = useMutation(api.uploads.removeOf.mutationOptions({ meta: { inline: true } }));
  const columns: Column<UploadAccount>[] = [
    {
      id: "user",
      header: t("columns.user"),
      render: ({ user }) => (
        <button
          type="button"
          title={t("show")}
          className="min-h-6 font-medium underline-offset-2 hover:underline"
          onClick={() => {
            void setUser(user);
            onOpen();
          }}
        >
          <JidText jid={user} />
        </button>
      ),
    },
    { id: "bytes", header: t("columns.bytes"), isNumber: true, render: ({ bytes }) => <ByteText bytes={bytes} /> },
    {
      id: "share",
      header: t("columns.share"),
      className: "w-48",
      render: (account) => {
        const most = limitOf(account);
        return most === null ? "—" : <UsageBar label={account.user} used={account.bytes} limit={most} />;
      },
    },
    { id: "files", header: t("columns.files"), isNumber: true, render: ({ files }) => format.number(files) },
    { id: "newest", header: t("columns.newest"), render: ({ newestAt }) => <TimeText at={newestAt} /> },
  ];
  if (may("uploads.removeOf")) {
    columns.push({
      id: "actions",
      header: t("removeAll"),
      isBare: true,
      isNumber: true,
      render: (account) => (
        <Button size="sm" variant="danger-quiet" onClick={() => setRemoving(account)}>
          {t("removeAll")}
        </Button>
      ),
    });
  }
  const jid = removing?.user ?? "";
  return (
    <Panel flush>
      <QueryView query={accounts} skeleton={<TableSkeleton rows={8} columns={5} />}>
        {({ items, nextCursor, total }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("noAccounts")}</p>
          ) : (
            <>
              <DataTable label={t("accounts")} columns={columns} rows={items} rowKey={({ user }) => user} />
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
            </>
          )
        }
      </QueryView>
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t("removeAllTitle", { jid: visible(jid) })}
        text={t("removeAllText", { files: removing?.files ?? 0, bytes: formatBytes(removing?.bytes ?? 0, locale) })}
        confirm={t("removeAll")}
        danger
        typed={jid}
        onConfirm={async () => {
          const { files } = await removeOf.mutateAsync({ jid });
          toast.success(t("removedAll", { count: files }));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "upload", "remove-all", jid)}
          method="DELETE"
          path={`/users/${encodeURIComponent(jid)}/uploads`}
        />
      </ConfirmDialog>
    </Panel>
  );
}
