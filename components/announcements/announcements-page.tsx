"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Announcement } from "@/lib/contracts/announcements.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { AnnouncementTable } from "./announcement-table.tsx";
import { MotdPanel } from "./motd-panel.tsx";
import { SendDialog } from "./send-dialog.tsx";

const limit = 50;
const progressMs = 1000;

export function AnnouncementsPage() {
  const t = useTranslations();
  const [host] = useHost();
  const [isCreating, setCreating] = useCreateFlag();
  const [stopping, setStopping] = useState<Announcement | null>(null);
  const place = useCursor(host ?? "");
  const list = useQuery(
    api.announcements.list.queryOptions({
      input: { ...(host ? { host } : {}), limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
      refetchInterval: (query) =>
        query.state.data?.items.some(({ state }) => state === "running") ? progressMs : false,
    }),
  );
  const stop = useMutation(api.announcements.stop.mutationOptions({ meta: { inline: true } }));
  const id = stopping?.id ?? "";

  return (
    <Page title={t("announcements.title")}>
      <PageHeader
        title={t("announcements.title")}
        lead={t("announcements.lead")}
        actions={
          <May call="announcements.send" host={host}>
            <Button variant="primary" onClick={() => setCreating(true)}>
              <Plus aria-hidden className="size-4" />
              {t("announcements.create")}
            </Button>
          </May>
        }
      />
      <Panel flush>
        <QueryView query={list} skeleton={<TableSkeleton rows={5} columns={6} />}>
          {({ items, nextCursor, total }) =>
            items.length > 0 ? (
              <>
                <AnnouncementTable announcements={items} onStop={setStopping} />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            ) : (
              <EmptyState
                title={t("announcements.empty")}
                text={t("announcements.emptyText")}
                action={
                  <May call="announcements.send" host={host}>
                    <Button onClick={() => setCreating(true)}>{t("announcements.create")}</Button>
                  </May>
                }
                command={commandLine("nightpost", "announce", "send", "HOST", "SUBJECT", "TEXT")}
              />
            )
          }
        </QueryView>
      </Panel>
      <MotdPanel />
      <SendDialog open={isCreating} onClose={() => setCreating(false)} />
      <ConfirmDialog
        open={stopping !== null}
        onOpenChange={(open) => !open && setStopping(null)}
        title={t("announcements.stopTitle")}
        text={t("announcements.stopText")}
        confirm={t("announcements.stop")}
        danger
        onConfirm={async () => {
          await stop.mutateAsync({ id });
          toast.success(t("announcements.stopped"));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "announce", "stop", id)}
          method="POST"
          path={`/announcements/${id}/stop`}
        />
      </ConfirmDialog>
    </Page>
  );
}
