"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Hourglass, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { ExtendDialog } from "./extend-dialog.tsx";
import { MessageTable } from "./message-table.tsx";
import { ForwardDialog } from "./queue-actions.tsx";

const limit = 50;
const refreshMs = 5_000;

/** The messages that wait for an account, oldest first; some of them can be deleted or forwarded. */
export function Queue({ jid }: { jid: string }) {
  const t = useTranslations("offline");
  const common = useTranslations("common");
  const host = jid.slice(jid.indexOf("@") + 1);
  const place = useCursor(`offline ${jid}`);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"remove" | "forward" | "extend" | null>(null);
  const input = { jid, limit, ...(place.cursor ? { cursor: place.cursor } : {}) };
  const messages = useQuery(
    api.offline.messages.queryOptions({ input, placeholderData: keepPreviousData, refetchInterval: refreshMs }),
  );
  const remove = useMutation(api.offline.remove.mutationOptions({ meta: { inline: true } }));
  const ids = [...selected].map(Number);
  return (
    <Panel flush>
      <QueryView query={messages} skeleton={<TableSkeleton rows={6} columns={7} />}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("nothing")}</p>
          ) : (
            <>
              <MessageTable
                jid={jid}
                messages={items}
                selection={{ selected, onChange: setSelected, nameOf: (key) => key }}
              />
              {selected.size === 0 ? null : (
                <div
                  role="region"
                  aria-label={common("actions")}
                  className="sticky bottom-0 z-10 flex min-h-12 flex-wrap items-center gap-2 border-t border-accent/40 bg-accent-soft px-4 py-2"
                >
                  <span className="font-medium" aria-live="polite">
                    {common("selected", { count: selected.size })}
                  </span>
                  <span className="ml-auto flex flex-wrap gap-2">
                    <May call="offline.forward" host={host}>
                      <Button size="sm" onClick={() => setDialog("forward")}>
                        <Send aria-hidden className="size-3.5" />
                        {t("forward")}
                      </Button>
                    </May>
                    <May call="offline.extend" host={host}>
                      <Button size="sm" onClick={() => setDialog("extend")}>
                        <Hourglass aria-hidden className="size-3.5" />
                        {t("extend")}
                      </Button>
                    </May>
                    <May call="offline.remove" host={host}>
                      <Button size="sm" variant="danger-quiet" onClick={() => setDialog("remove")}>
                        <Trash2 aria-hidden className="size-3.5" />
                        {t("remove")}
                      </Button>
                    </May>
                    <Button size="sm" variant="ghost" onClick={() => setSelected(new Set())}>
                      {common("clear")}
                    </Button>
                  </span>
                </div>
              )}
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
            </>
          )
        }
      </QueryView>
      <ConfirmDialog
        open={dialog === "remove"}
        onOpenChange={() => setDialog(null)}
        title={t("removeTitle")}
        text={t("removeText", { count: ids.length })}
        confirm={t("removeConfirm", { count: ids.length })}
        danger
        onConfirm={async () => {
          const { removed } = await remove.mutateAsync({ jid, ids });
          toast.success(t("removed", { count: removed }));
          setSelected(new Set());
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "offline", "remove", jid, ...ids.map(String))}
          method="POST"
          path={`/offline/${encodeURIComponent(jid)}/remove`}
          body={{ ids }}
        />
      </ConfirmDialog>
      <ExtendDialog scope={{ jid, ids }} open={dialog === "extend"} onClose={() => setDialog(null)} />
      <ForwardDialog jid={jid} ids={ids} open={dialog === "forward"} onClose={() => setDialog(null)} />
    </Panel>
  );
}
