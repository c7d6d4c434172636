"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import { api } from "@/lib/api/client.ts";
import { permissions } from "@/lib/contracts/permissions.ts";
import type { ApiKey } from "@/lib/contracts/server.ts";
import { useNow } from "@/lib/format/now.ts";
import { visible } from "@/lib/format/visible.ts";
import { CreateKeyDialog } from "./create-key-dialog.tsx";

export function KeysPanel() {
  const t = useTranslations("settings");
  const now = useNow();
  const keys = useQuery(api.keys.list.queryOptions());
  const [isCreating, setCreating] = useCreateFlag();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useMutation(api.keys.revoke.mutationOptions({ meta: { inline: true } }));
  const name = revoking?.name ?? "";
  return (
    <Panel
      title={t("keys")}
      note={t("keysLead")}
      flush
      action={
        <Button size="sm" onClick={() => setCreating(true)}>
          <Plus aria-hidden className="size-3.5" />
          {t("createKey")}
        </Button>
      }
    >
      <QueryView query={keys} skeleton={<TableSkeleton rows={3} columns={5} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t("noKeys")} text={t("noKeysText")} />
          ) : (
            <DataTable
              label={t("keys")}
              rows={items}
              rowKey={(key) => key.id}
              columns={[
                {
                  id: "name",
                  header: t("keyColumns.name"),
                  render: (key) => <bdi className="font-medium wrap-anywhere">{visible(key.name)}</bdi>,
                },
                {
                  id: "permissions",
                  header: t("keyColumns.permissions"),
                  render: (key) => <Permissions list={key.permissions} />,
                },
                {
                  id: "addresses",
                  header: t("keyColumns.addresses"),
                  render: (key) =>
                    key.addresses.length === 0 ? (
                      <span className="text-ink-3">{t("anyAddress")}</span>
                    ) : (
                      <span className="font-mono text-meta wrap-anywhere">{key.addresses.join(", ")}</span>
                    ),
                },
                { id: "created", header: t("keyColumns.created"), render: (key) => <TimeText at={key.createdAt} /> },
                {
                  id: "expires",
                  header: t("keyColumns.expires"),
                  render: (key) =>
                    key.expiresAt === null ? (
                      <span className="text-ink-3">{t("noExpiry")}</span>
                    ) : Date.parse(key.expiresAt) < now ? (
                      <Badge tone="err">{t("expired")}</Badge>
                    ) : (
                      <TimeText at={key.expiresAt} />
                    ),
                },
                {
                  id: "used",
                  header: t("keyColumns.used"),
                  render: (key) =>
                    key.lastUsedAt === null ? (
                      <span className="text-ink-3">{t("neverUsed")}</span>
                    ) : (
                      <span>
                        <TimeText at={key.lastUsedAt} />
                        <SentenceGap />
                        {key.lastUsedFrom ? (
                          <span className="text-ink-3">{t("usedFrom", { address: visible(key.lastUsedFrom) })}</span>
                        ) : null}
                      </span>
                    ),
                },
                {
                  id: "revoke",
                  header: t("revoke"),
                  isBare: true,
                  isNumber: true,
                  render: (key) => (
                    <Button
                      size="sm"
                      variant="danger-quiet"
                      aria-label={t("revokeTitle", { name: key.name })}
                      onClick={() => setRevoking(key)}
                    >
                      {t("revoke")}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </QueryView>
      <CreateKeyDialog open={isCreating} onOpenChange={setCreating} />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={t("revokeTitle", { name })}
        text={t("revokeText")}
        confirm={t("revoke")}
        danger
        onConfirm={async () => {
          await revoke.mutateAsync({ id: revoking?.id ?? "" });
          toast.success(t("revoked", { name }));
        }}
      >
        <Equivalent method="DELETE" path={`/keys/${encodeURIComponent(revoking?.id ?? "")}`} />
      </ConfirmDialog>
    </Panel>
  );
}

function Permissions({ list }: { list: ApiKey["permissions"] }) {
  const t = useTranslations("settings");
  const isAll = list.length === permissions.length;
  return (
    <Tooltip text={list.join(", ")}>
      <span tabIndex={0} className="text-ink-2">
        {isAll ? t("allPermissions") : list.length <= 2 ? list.join(", ") : `${list[0]} +${list.length - 1}`}
      </span>
    </Tooltip>
  );
}
