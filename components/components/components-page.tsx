"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { ExternalComponent } from "@/lib/contracts/components.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { AddComponentDialog } from "./add-component-dialog.tsx";
import { type ComponentAction, ComponentTable } from "./component-table.tsx";
import { type MadeSecret, SecretDialog } from "./secret-dialog.tsx";

const RightsDialog = dynamic(() => import("./rights-dialog.tsx").then((part) => part.RightsDialog), { ssr: false });

export function ComponentsPage() {
  const t = useTranslations("components");
  const [host] = useHost();
  const [isAdding, setAdding] = useCreateFlag();
  const [acting, setActing] = useState<{ action: ComponentAction; component: ExternalComponent } | null>(null);
  const [made, setMade] = useState<MadeSecret | null>(null);
  const inline = { meta: { inline: true } };
  const remove = useMutation(api.components.remove.mutationOptions(inline));
  const rotate = useMutation(api.components.rotateSecret.mutationOptions(inline));
  const disconnect = useMutation(api.components.disconnect.mutationOptions(inline));
  const components = useQuery(api.components.list.queryOptions({ refetchInterval: 15_000 }));
  const domain = acting?.component.domain ?? "";
  const path = `/components/${encodeURIComponent(domain)}`;
  const dialog = (action: ComponentAction) => ({
    open: acting?.action === action,
    onOpenChange: (open: boolean) => !open && setActing(null),
    title: t(`${action}Title`, { domain }),
  });

  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <May call="components.add">
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden className="size-4" />
              {t("add")}
            </Button>
          </May>
        }
      />
      <QueryView query={components} skeleton={<TableSkeleton rows={3} columns={8} />}>
        {({ items, listener }) => {
          const shown = items.filter((component) => host === null || component.host === host);
          return (
            <>
              {listener === null ? (
                <Banner tone="warn">{t("noListener")}</Banner>
              ) : (
                <p className="text-ink-2">
                  {t("listener", { address: listener.address, port: String(listener.port) })}
                </p>
              )}
              <Panel flush>
                {shown.length === 0 ? (
                  <EmptyState
                    title={t("empty")}
                    text={t("emptyText")}
                    action={
                      <May call="components.add">
                        <Button onClick={() => setAdding(true)}>{t("add")}</Button>
                      </May>
                    }
                    command="nightpost component add HOST DOMAIN"
                  />
                ) : (
                  <ComponentTable components={shown} onAct={(action, component) => setActing({ action, component })} />
                )}
              </Panel>
            </>
          );
        }}
      </QueryView>
      <AddComponentDialog open={isAdding} onClose={() => setAdding(false)} onMade={setMade} />
      <SecretDialog made={made} onClose={() => setMade(null)} />
      {acting?.action === "rights" ? (
        <RightsDialog component={acting.component} onClose={() => setActing(null)} />
      ) : null}
      <ConfirmDialog
        {...dialog("rotate")}
        text={t("rotateText")}
        confirm={t("rotate").replace("…", "")}
        danger
        onConfirm={async () => setMade({ domain, secret: (await rotate.mutateAsync({ domain })).secret })}
      >
        <Equivalent
          command={commandLine("nightpost", "component", "rotate-secret", domain)}
          method="POST"
          path={`${path}/secret`}
        />
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("disconnect")}
        text={t("disconnectText")}
        confirm={t("disconnect")}
        onConfirm={async () => {
          await disconnect.mutateAsync({ domain });
          toast.success(t("disconnected", { domain }));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "component", "disconnect", domain)}
          method="POST"
          path={`${path}/disconnect`}
        />
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("remove")}
        text={
          <>
            {t("removeText")}
            <SentenceGap />
            {acting?.component.isForAllHosts ? t("removeAll") : null}
          </>
        }
        confirm={t("remove").replace("…", "")}
        danger
        typed={domain}
        onConfirm={async () => {
          await remove.mutateAsync({ domain });
          toast.success(t("removed", { domain }));
        }}
      >
        <Equivalent command={commandLine("nightpost", "component", "remove", domain)} method="DELETE" path={path} />
      </ConfirmDialog>
    </Page>
  );
}
