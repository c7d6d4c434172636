"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { ChangesList } from "@/components/kit/changes-list.tsx";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useRefusal } from "@/components/kit/use-refusal.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { visible } from "@/lib/format/visible.ts";

const limit = 30;

export function HistoryTab() {
  const refusal = useRefusal();
  const t = useTranslations("access");
  const actorText = useActorText();
  const place = useCursor("revisions");
  const [openId, setOpenId] = useState<number | null>(null);
  const [rollingBack, setRollingBack] = useState<number | null>(null);
  const input = { limit, ...(place.cursor ? { cursor: place.cursor } : {}) };
  const revisions = useQuery(api.policy.revisions.queryOptions({ input, placeholderData: keepPreviousData }));
  const newest = useQuery(api.policy.get.queryOptions()).data?.revision.id;
  const rollback = useMutation(api.policy.rollback.mutationOptions({ meta: { inline: true } }));

  return (
    <Panel flush>
      <QueryView query={revisions} skeleton={<TableSkeleton rows={8} columns={4} />}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState title={t("history.empty")} />
          ) : (
            <>
              <DataTable
                label={t("tabs.history")}
                rows={items}
                rowKey={(revision) => String(revision.id)}
                onOpen={(revision) => setOpenId(revision.id)}
                columns={[
                  {
                    id: "id",
                    header: t("history.columns.id"),
                    render: (revision) => (
                      <span className="inline-flex items-center gap-2">
                        <button
                          type="button"
                          className="font-medium underline-offset-2 hover:underline"
                          onClick={() => setOpenId(revision.id)}
                        >
                          {revision.id}
                        </button>
                        {revision.id === newest ? <Badge tone="ok">{t("history.current")}</Badge> : null}
                        {revision.rollbackOf === null ? null : (
                          <Badge tone="violet">{t("history.rollbackOf", { id: revision.rollbackOf })}</Badge>
                        )}
                      </span>
                    ),
                  },
                  { id: "at", header: t("history.columns.at"), render: (revision) => <TimeText at={revision.at} /> },
                  {
                    id: "author",
                    header: t("history.columns.author"),
                    render: (revision) => <bdi>{actorText(revision.author)}</bdi>,
                  },
                  {
                    id: "comment",
                    header: t("history.columns.comment"),
                    render: (revision) => (
                      <bdi className="wrap-anywhere text-ink-2">
                        {refusal(revision) ?? (visible(revision.comment) || "—")}
                      </bdi>
                    ),
                  },
                ]}
              />
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
            </>
          )
        }
      </QueryView>
      <RevisionDialog
        id={openId}
        isNewest={openId === newest}
        onClose={() => setOpenId(null)}
        onRollback={setRollingBack}
      />
      <ConfirmDialog
        open={rollingBack !== null}
        onOpenChange={(open) => !open && setRollingBack(null)}
        title={t("history.rollbackTitle", { id: rollingBack ?? 0 })}
        text={t("history.rollbackText")}
        confirm={t("history.rollback")}
        onConfirm={async () => {
          const { revision } = await rollback.mutateAsync({ id: rollingBack ?? 0 });
          setOpenId(null);
          toast.success(t("history.rolledBack", { id: revision.id }));
        }}
      >
        <Equivalent method="POST" path={`/policy/revisions/${rollingBack ?? 0}/rollback`} />
      </ConfirmDialog>
    </Panel>
  );
}

interface DialogProps {
  id: number | null;
  isNewest: boolean;
  onClose: () => void;
  onRollback: (id: number) => void;
}

function RevisionDialog({ id, isNewest, onClose, onRollback }: DialogProps) {
  const t = useTranslations();
  const refusal = useRefusal();
  const actorText = useActorText();
  const mayRollBack = useMay()("policy.rollback");
  const revision = useQuery(api.policy.revision.queryOptions({ input: { id: id ?? 0 }, enabled: id !== null }));
  return (
    <Dialog
      open={id !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("access.history.title", { id: id ?? 0 })}
      size="lg"
    >
      <DialogBody>
        <QueryView query={revision} skeleton={<TableSkeleton rows={4} columns={2} />}>
          {(data) => (
            <>
              <p className="text-ink-2">
                <bdi>{actorText(data.revision.author)}</bdi> · <TimeText at={data.revision.at} as="full" />
                {data.revision.comment ? (
                  <bdi className="block">{refusal(data.revision) ?? visible(data.revision.comment)}</bdi>
                ) : null}
              </p>
              <ChangesList changes={data.changes} />
            </>
          )}
        </QueryView>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.close")}</Button>
        {isNewest || id === null || !mayRollBack ? null : (
          <Button variant="primary" onClick={() => onRollback(id)}>
            {t("access.history.rollback")}
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}
