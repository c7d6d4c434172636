"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import { useLive, useLiveState } from "@/lib/api/live-context.ts";
import type { RegistrationDecision } from "@/lib/contracts/registration.ts";
import { visible } from "@/lib/format/visible.ts";
import { AllowOnceDialog } from "./allow-once-dialog.tsx";
import { BanDialog } from "./ban-dialog.tsx";
import { type DecisionAct, DecisionMenu } from "./decision-menu.tsx";
import { WhyDialog } from "./why-dialog.tsx";

const outcomes = ["all", "allowed", "denied"] as const;
const limit = 20;

/** Every attempt to register, as it happens, with the line that decided. */
export function DecisionLog({ host }: { host: string | null }) {
  const t = useTranslations("registration");
  const common = useTranslations("common");
  const [opened, setOpened] = useState<{ act: DecisionAct; decision: RegistrationDecision } | null>(null);
  const close = () => setOpened(null);
  const live = useLive();
  const queries = useQueryClient();
  const isLive = useLiveState().status === "open";
  const [outcome, setOutcome] = useQueryState("outcome", parseAsStringLiteral(outcomes).withDefault("all"));
  const [jid, setJid] = useQueryState("jid", parseAsString);
  const place = useCursor(`decisions ${host} ${outcome} ${jid}`);
  const input = {
    outcome,
    limit,
    ...(host ? { host } : {}),
    ...(jid ? { jid } : {}),
    ...(place.cursor ? { cursor: place.cursor } : {}),
  };
  const log = useQuery(api.registration.log.queryOptions({ input, placeholderData: keepPreviousData }));

  useEffect(() => {
    const again = () => void queries.invalidateQueries({ queryKey: api.registration.log.key() });
    // Also once the subscription stands: what came between the first answer and it would be missed otherwise.
    const { end } = live.subscribe("registration", { onEvents: again, onReady: again, onGap: again, onReset: again });
    return end;
  }, [live, queries]);

  return (
    <Panel
      title={t("log")}
      {...(isLive ? { note: t("logLive") } : {})}
      flush
      action={
        <Segmented
          label={t("outcome")}
          value={outcome}
          onChange={(next) => {
            place.reset();
            void setOutcome(next);
          }}
          options={outcomes.map((value) => ({ value, label: t(`outcomes.${value}`) }))}
        />
      }
    >
      {jid ? (
        <p className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 text-ink-2">
          {t.rich("onlyJid", { jid: () => <JidText jid={jid} /> })}
          <Button
            size="sm"
            onClick={() => {
              place.reset();
              void setJid(null);
            }}
          >
            {t("everyJid")}
          </Button>
        </p>
      ) : null}
      <QueryView query={log} skeleton={<TableSkeleton rows={6} columns={5} />}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            outcome === "all" && !jid ? (
              <EmptyState title={t("logEmpty")} text={t("logEmptyText")} />
            ) : (
              <p className="px-4 py-4 text-ink-2">{t("logNoMatch")}</p>
            )
          ) : (
            <>
              <DataTable
                label={t("log")}
                rows={items}
                rowKey={(row) => String(row.id)}
                columns={[
                  { id: "at", header: t("columns.at"), render: (row) => <TimeText at={row.at} /> },
                  { id: "jid", header: t("columns.jid"), render: (row) => <JidText jid={row.jid} /> },
                  {
                    id: "address",
                    header: t("columns.address"),
                    render: (row) => <bdi className="font-mono text-meta text-ink-2">{visible(row.address)}</bdi>,
                  },
                  {
                    id: "decision",
                    header: t("columns.decision"),
                    render: ({ verdict }) => (
                      <span
                        className={
                          verdict.allowed
                            ? "inline-flex items-center gap-1.5 text-ok"
                            : "inline-flex items-center gap-1.5 text-err"
                        }
                      >
                        {verdict.allowed ? (
                          <Check aria-hidden className="size-3.5 shrink-0" />
                        ) : (
                          <X aria-hidden className="size-3.5 shrink-0" />
                        )}
                        {t(`codes.${verdict.code}`)}
                      </span>
                    ),
                  },
                  {
                    id: "line",
                    header: t("columns.line"),
                    render: ({ verdict }) => (
                      <code className="font-mono text-meta wrap-anywhere text-ink-2">{visible(verdict.line)}</code>
                    ),
                  },
                  {
                    id: "more",
                    header: common("actions"),
                    isBare: true,
                    isNumber: true,
                    render: (decision) => (
                      <DecisionMenu decision={decision} onAct={(act) => setOpened({ act, decision })} />
                    ),
                  },
                ]}
              />
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
            </>
          )
        }
      </QueryView>
      {opened?.act === "why" ? <WhyDialog decision={opened.decision} onClose={close} /> : null}
      {opened?.act === "allow" ? <AllowOnceDialog decision={opened.decision} onClose={close} /> : null}
      {opened?.act === "ban" ? <BanDialog decision={opened.decision} onClose={close} /> : null}
    </Panel>
  );
}
