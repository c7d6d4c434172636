"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Invite } from "@/lib/contracts/invites.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { InviteFunnel } from "./invite-funnel.tsx";
import { InviteTable } from "./invite-table.tsx";

const CreateInviteDialog = dynamic(() => import("./create-dialog.tsx").then((part) => part.CreateInviteDialog), {
  ssr: false,
});
const InviteDialog = dynamic(() => import("./invite-dialog.tsx").then((part) => part.InviteDialog), { ssr: false });

const limit = 50;
const states = ["open", "done"] as const;
const kinds = ["account", "contact", "reset"] as const;
const parsers = { state: parseAsStringLiteral(states), kind: parseAsStringLiteral(kinds) };

export function InvitesPage() {
  const t = useTranslations();
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const [isCreating, setCreating] = useCreateFlag();
  const [opened, setOpened] = useState<Invite | null>(null);
  const [revoking, setRevoking] = useState<Invite | null>(null);
  const { state, kind } = values;
  const filter = { ...(host ? { host } : {}), ...(state ? { state } : {}), ...(kind ? { kind } : {}) };
  const place = useCursor(JSON.stringify(filter));
  const revoke = useMutation(api.invites.revoke.mutationOptions({ meta: { inline: true } }));
  const invites = useQuery(
    api.invites.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
    }),
  );
  const set = (next: Partial<typeof values>) => {
    place.reset();
    void setValues(next);
  };
  const add = (
    <May call="invites.create" host={host}>
      <Button variant="primary" onClick={() => setCreating(true)}>
        <Plus aria-hidden className="size-4" />
        {t("invites.create")}
      </Button>
    </May>
  );

  return (
    <Page title={t("invites.title")}>
      <PageHeader title={t("invites.title")} lead={t("invites.lead")} actions={add} />
      <InviteFunnel host={host} />
      <div className="flex flex-wrap items-center gap-2">
        <FilterSelect
          label={t("invites.columns.kind")}
          value={kind}
          any={t("invites.anyKind")}
          options={kinds.map((each) => [each, t(`invites.kinds.${each}`)])}
          onChange={(chosen) => set({ kind: chosen })}
          className="w-40 max-sm:flex-1"
        />
        <FilterSelect
          label={t("invites.columns.state")}
          value={state}
          any={t("invites.anyState")}
          options={states.map((each) => [each, t(`invites.filters.${each}`)])}
          onChange={(chosen) => set({ state: chosen })}
          className="w-40 max-sm:flex-1"
        />
      </div>
      <Panel flush>
        <QueryView query={invites} skeleton={<TableSkeleton rows={8} columns={7} />}>
          {({ items, nextCursor, total }) =>
            items.length > 0 ? (
              <>
                <InviteTable invites={items} onOpen={setOpened} onRevoke={setRevoking} />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            ) : state || kind ? (
              <NoMatch title={t("invites.noMatch")} onClear={() => set({ state: null, kind: null })} />
            ) : (
              <EmptyState
                title={t("invites.empty")}
                text={t("invites.emptyText")}
                action={
                  <May call="invites.create" host={host}>
                    <Button onClick={() => setCreating(true)}>{t("invites.create")}</Button>
                  </May>
                }
              />
            )
          }
        </QueryView>
      </Panel>
      <CreateInviteDialog open={isCreating} onClose={() => setCreating(false)} />
      <InviteDialog invite={opened} onClose={() => setOpened(null)} />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={t("invites.revokeTitle")}
        text={t("invites.revokeText")}
        confirm={t("invites.revoke")}
        danger
        onConfirm={async () => {
          await revoke.mutateAsync({ id: revoking?.id ?? "" });
          toast.success(t("invites.revoked"));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "invite", "revoke", revoking?.id ?? "")}
          method="DELETE"
          path={`/invites/${revoking?.id ?? ""}`}
        />
      </ConfirmDialog>
    </Page>
  );
}
