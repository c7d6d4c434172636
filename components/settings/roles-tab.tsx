"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { NameDialog } from "@/components/access/name-dialog.tsx";
import { PolicyDraft } from "@/components/access/policy-draft.tsx";
import { useDraft } from "@/components/access/use-draft.ts";
import { IssueList } from "@/components/kit/issue-list.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { Role } from "@/lib/contracts/console-policy.ts";
import { RoleDialog } from "./role-dialog.tsx";
import { RoleMembers } from "./role-members.tsx";
import { rolesWithDraft } from "./roles-draft.ts";
import { RolesMatrix } from "./roles-matrix.tsx";

/** Roles and permissions as a matrix, who has which, and an editor whose draft is reviewed like the rest of the policy. */
export function RolesTab() {
  const t = useTranslations("roles");
  const may = useMay();
  const mayEdit = may("roles.set");
  const roles = useQuery(api.roles.list.queryOptions());
  const draft = useDraft();
  const [editing, setEditing] = useState<string | null>(null);
  const [isNaming, setNaming] = useState(false);
  useLeaveGuard(draft.draft !== null);
  const { policy } = draft;

  const change = (name: string, role: Role | null) => {
    if (!policy) return;
    const { [name]: _before, ...others } = policy.console.roles;
    const next = role === null ? others : { ...policy.console.roles, [name]: role };
    draft.change({ ...policy, console: { ...policy.console, roles: next } });
  };
  const edited = editing === null ? undefined : policy?.console.roles[editing];

  return (
    <div className="flex flex-col gap-5">
      <IssueList issues={draft.issues.filter(({ path }) => path.startsWith("console"))} />
      <QueryView query={roles} skeleton={<TableSkeleton rows={12} columns={6} />}>
        {({ items, permissions }) => {
          const shown = rolesWithDraft(items, draft.draft?.policy);
          return (
            <>
              <Panel
                flush
                title={t("title")}
                note={t("lead")}
                action={
                  mayEdit ? (
                    <Button size="sm" onClick={() => setNaming(true)}>
                      <Plus aria-hidden className="size-3.5" />
                      {t("add")}
                    </Button>
                  ) : null
                }
              >
                <RolesMatrix roles={shown} permissions={permissions} {...(mayEdit ? { onEdit: setEditing } : {})} />
              </Panel>
              <RoleMembers roles={items} />
              <NameDialog
                open={isNaming}
                onOpenChange={setNaming}
                title={t("add")}
                taken={shown.map(({ name }) => name)}
                onName={(name) => {
                  setNaming(false);
                  change(name, { description: "", permissions: [], hosts: null, access: `console_${name}` });
                  setEditing(name);
                }}
              />
            </>
          );
        }}
      </QueryView>
      {editing !== null && edited ? (
        <RoleDialog
          name={editing}
          role={edited}
          permissions={roles.data?.permissions ?? []}
          rules={Object.keys(policy?.accessRules ?? {})}
          hosts={Object.keys(policy?.hosts ?? {})}
          onClose={() => setEditing(null)}
          onChange={(role) => change(editing, role)}
        />
      ) : null}
      <PolicyDraft draft={draft} call="roles.set" />
    </div>
  );
}
