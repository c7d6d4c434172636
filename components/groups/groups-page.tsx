"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Group } from "@/lib/contracts/groups.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { GroupDialog } from "./group-dialog.tsx";
import { GroupTable } from "./group-table.tsx";
import { MembersDialog } from "./members-dialog.tsx";

export function GroupsPage() {
  const t = useTranslations("groups");
  const [host] = useHost();
  const [isCreating, setCreating] = useCreateFlag();
  const [editing, setEditing] = useState<Group | null>(null);
  const [listing, setListing] = useState<Group | null>(null);
  const [removing, setRemoving] = useState<Group | null>(null);
  const groups = useQuery(api.groups.list.queryOptions({ input: host ? { host } : {} }));
  const remove = useMutation(api.groups.remove.mutationOptions({ meta: { inline: true } }));
  const items = groups.data?.items ?? [];
  const gone = { host: removing?.host ?? "", name: removing?.name ?? "" };
  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <May call="groups.create" host={host}>
            <Button variant="primary" onClick={() => setCreating(true)}>
              <Plus aria-hidden className="size-4" />
              {t("create")}
            </Button>
          </May>
        }
      />
      <Panel flush>
        <QueryView query={groups} skeleton={<TableSkeleton rows={5} columns={5} />}>
          {(data) =>
            data.items.length > 0 ? (
              <GroupTable groups={data.items} onEdit={setEditing} onMembers={setListing} onRemove={setRemoving} />
            ) : (
              <EmptyState
                title={t("empty")}
                text={t("emptyText")}
                action={
                  <May call="groups.create" host={host}>
                    <Button onClick={() => setCreating(true)}>{t("create")}</Button>
                  </May>
                }
                command={commandLine("nightpost", "group", "create", "HOST", "NAME")}
              />
            )
          }
        </QueryView>
      </Panel>
      <GroupDialog
        group={isCreating ? "new" : editing}
        groups={items}
        onClose={() => {
          if (isCreating) setCreating(false);
          setEditing(null);
        }}
      />
      <MembersDialog group={listing} onClose={() => setListing(null)} />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t("removeTitle", { name: visible(gone.name) })}
        text={t("removeText")}
        confirm={t("remove")}
        danger
        typed={gone.name}
        onConfirm={async () => {
          await remove.mutateAsync(gone);
          toast.success(t("removed", { name: visible(gone.name) }));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "group", "remove", gone.host, gone.name)}
          method="DELETE"
          path={`/groups/${encodeURIComponent(gone.host)}/${gone.name}`}
        />
      </ConfirmDialog>
    </Page>
  );
}
