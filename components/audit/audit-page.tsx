"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { ExportMenu } from "@/components/kit/export-menu.tsx";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { choiceTerm, textTerm } from "@/components/kit/filter-terms.ts";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useNegation } from "@/components/kit/use-negation.ts";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useLive } from "@/lib/api/live-context.ts";
import type { AuditEntry } from "@/lib/contracts/server.ts";
import { auditResults } from "@/lib/contracts/words.ts";
import { visible } from "@/lib/format/visible.ts";
import { auditActions } from "./actions.ts";
import { ChainStatus } from "./chain-status.tsx";
import { AgentName, useCapacity } from "./means-text.tsx";
import { PeriodSelect, periodStart, periods } from "./period-select.tsx";

const EntryDialog = dynamic(() => import("./entry-dialog.tsx").then((part) => part.EntryDialog), { ssr: false });

const limit = 50;
const parsers = {
  q: parseAsString,
  actor: parseAsString,
  action: parseAsString,
  result: parseAsStringLiteral(auditResults),
  period: parseAsStringLiteral(periods),
};
const tones: Record<AuditEntry["result"], Tone> = { done: "neutral", refused: "warn", failed: "err" };
const nothing = { q: null, actor: null, action: null, result: null, period: null };
const fields = { actor: "actor", action: "action", result: "result" };

export function AuditPage() {
  const t = useTranslations("audit");
  const capacity = useCapacity();
  const live = useLive();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const negation = useNegation(fields);
  const { q, actor, action, result, period } = values;
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const [fresh, setFresh] = useState(0);
  const place = useCursor(JSON.stringify([values, negation.input]));
  const since = periodStart(period);
  const filter = {
    ...(q ? { search: q } : {}),
    ...(actor ? { actor } : {}),
    ...(action ? { action } : {}),
    ...(result ? { result } : {}),
    ...(since ? { since } : {}),
    ...negation.input,
  };
  const audit = useQuery(
    api.audit.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
    }),
  );

  // New entries are counted, not pushed in: somebody is reading this list.
  useEffect(() => {
    const { end } = live.subscribe("audit", { onEvents: (events) => setFresh((count) => count + events.length) });
    return end;
  }, [live]);
  const refresh = () => {
    setFresh(0);
    place.reset();
    void audit.refetch();
  };
  const { set } = negation.over(setValues, nothing);
  const narrow: typeof set = (next) => {
    place.reset();
    set(next);
  };

  const terms = [
    textTerm({ name: "actor", label: t("actor"), value: actor, set: (chosen) => narrow({ actor: chosen }) }),
    choiceTerm({
      name: "action",
      label: t("action"),
      value: auditActions.find((each) => each === action),
      options: auditActions.map((each) => [each, each] as const),
      set: (chosen) => narrow({ action: chosen }),
      isShown: true,
    }),
    choiceTerm({
      name: "result",
      label: t("columns.result"),
      value: result,
      options: auditResults.map((each) => [each, t(`results.${each}`)] as const),
      set: (chosen) => narrow({ result: chosen }),
      isShown: true,
    }),
    choiceTerm({
      name: "time",
      label: t("columns.at"),
      value: period,
      options: periods.map((each) => [each, t(`periods.${each}`)] as const),
      set: (chosen) => narrow({ period: chosen }),
      isShown: true,
    }),
  ];
  const plain = negation.plain(values);
  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <ChainStatus />
            <ExportMenu list="audit" filter={filter} />
          </>
        }
      />
      <div className="flex flex-wrap items-center gap-2">
        <FilterField
          label={t("search")}
          search={q ?? ""}
          onSearch={(words) => narrow({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-72 max-sm:w-full"
        />
        <FilterSelect
          label={t("action")}
          value={plain.action}
          any={t("anyAction")}
          options={auditActions.map((each) => [each, each])}
          onChange={(chosen) => narrow({ action: chosen })}
          className="w-48 max-sm:flex-1"
        />
        <FilterSelect
          label={t("columns.result")}
          value={plain.result}
          any={t("anyResult")}
          options={auditResults.map((each) => [each, t(`results.${each}`)])}
          onChange={(chosen) => narrow({ result: chosen })}
          className="w-32 max-sm:flex-1"
        />
        <PeriodSelect value={period} onChange={(chosen) => narrow({ period: chosen })} />
        <SavedViews page="/audit" table="audit" />
        {fresh > 0 ? (
          <Button size="sm" variant="primary" className="animate-rise rounded-full" onClick={refresh}>
            {t("newEntries", { count: fresh })}
          </Button>
        ) : null}
      </div>
      <Panel flush>
        <QueryView query={audit} skeleton={<TableSkeleton rows={12} columns={4} />}>
          {({ items, total, nextCursor }) =>
            items.length === 0 ? (
              Object.keys(filter).length > 0 ? (
                <NoMatch title={t("noMatch")} onClear={() => narrow(nothing)} />
              ) : (
                <EmptyState title={t("empty")} />
              )
            ) : (
              <>
                <DataTable
                  name="audit"
                  label={t("title")}
                  rows={items}
                  rowKey={(entry) => String(entry.id)}
                  onOpen={setOpen}
                  columns={[
                    { id: "what", header: t("columns.what"), render: (entry) => <AuditSentence entry={entry} /> },
                    {
                      id: "result",
                      header: t("columns.result"),
                      // What went well is the rule: only the rest stands out.
                      render: ({ result: outcome }) =>
                        outcome === "done" ? (
                          <span className="text-ink-3">{t("results.done")}</span>
                        ) : (
                          <Badge tone={tones[outcome]}>{t(`results.${outcome}`)}</Badge>
                        ),
                    },
                    {
                      id: "as",
                      header: t("columns.as"),
                      render: ({ means }) => <span className="text-ink-2">{capacity(means)}</span>,
                    },
                    {
                      id: "from",
                      header: t("columns.from"),
                      render: ({ address, means }) => (
                        <span className="flex flex-col text-meta">
                          <bdi className="font-mono text-ink-2">{visible(address)}</bdi>
                          <span className="text-ink-3">
                            <AgentName means={means} />
                          </span>
                        </span>
                      ),
                    },
                    { id: "at", header: t("columns.at"), render: (entry) => <TimeText at={entry.at} /> },
                    {
                      id: "chain",
                      header: t("columns.chain"),
                      render: (entry) => (
                        <span className="font-mono text-meta whitespace-nowrap text-ink-3">
                          {entry.id} {entry.hash.slice(0, 8)}
                        </span>
                      ),
                    },
                  ]}
                />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            )
          }
        </QueryView>
      </Panel>
      {open ? <EntryDialog entry={open} onClose={() => setOpen(null)} /> : null}
    </Page>
  );
}
