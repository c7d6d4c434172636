"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { useLive } from "@/lib/api/live-context.ts";
import type { AuditEntry } from "@/lib/contracts/server.ts";
import { visible } from "@/lib/format/visible.ts";
import { auditActions } from "./actions.ts";
import { EntryDialog } from "./entry-dialog.tsx";

const limit = 50;
const parsers = { q: parseAsString, actor: parseAsString, action: parseAsString };
const tones: Record<AuditEntry["result"], Tone> = { done: "neutral", refused: "warn", failed: "err" };

export function AuditPage() {
  const t = useTranslations("audit");
  const live = useLive();
  const [values, setValues] = useQueryStates(parsers);
  const { q, actor, action } = values;
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const [fresh, setFresh] = useState(0);
  const place = useCursor(JSON.stringify(values));
  const input = {
    limit,
    ...(q ? { search: q } : {}),
    ...(actor ? { actor } : {}),
    ...(action ? { action } : {}),
    ...(place.cursor ? { cursor: place.cursor } : {}),
  };
  const audit = useQuery(api.audit.list.queryOptions({ input, placeholderData: keepPreviousData }));

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
  const narrow = (next: Partial<typeof values>) => {
    place.reset();
    void setValues(next);
  };
  const isFiltered = Boolean(q || actor || action);

  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label={t("search")}
          value={q ?? ""}
          onChange={(text) => narrow({ q: text || null })}
          className="w-72 max-sm:w-full"
        />
        <SearchField
          label={t("actor")}
          value={actor ?? ""}
          onChange={(text) => narrow({ actor: text || null })}
          className="w-56 max-sm:flex-1"
        />
        <Select
          aria-label={t("action")}
          value={action ?? ""}
          onChange={(event) => narrow({ action: event.target.value || null })}
          className="w-52 max-sm:flex-1"
        >
          <option value="">{t("anyAction")}</option>
          {auditActions.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
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
              isFiltered ? (
                <NoMatch title={t("noMatch")} onClear={() => narrow({ q: null, actor: null, action: null })} />
              ) : (
                <EmptyState title={t("empty")} />
              )
            ) : (
              <>
                <DataTable
                  label={t("title")}
                  rows={items}
                  rowKey={(entry) => String(entry.id)}
                  onOpen={setOpen}
                  columns={[
                    { id: "what", header: t("columns.what"), render: (entry) => <AuditSentence entry={entry} /> },
                    {
                      id: "result",
                      header: t("columns.result"),
                      render: (entry) => <Badge tone={tones[entry.result]}>{t(`results.${entry.result}`)}</Badge>,
                    },
                    {
                      id: "from",
                      header: t("columns.from"),
                      render: (entry) => <bdi className="font-mono text-meta text-ink-2">{visible(entry.address)}</bdi>,
                    },
                    { id: "at", header: t("columns.at"), render: (entry) => <TimeText at={entry.at} /> },
                  ]}
                />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            )
          }
        </QueryView>
      </Panel>
      <EntryDialog entry={open} onClose={() => setOpen(null)} />
    </Page>
  );
}
