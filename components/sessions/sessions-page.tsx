"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { AnnounceDialog } from "@/components/kit/announce-dialog.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { EndSessionDialog } from "@/components/kit/end-session-dialog.tsx";
import { ToggleField } from "@/components/kit/field.tsx";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { useSessionColumns } from "@/components/kit/session-columns.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { EndMatchingDialog } from "./end-matching-dialog.tsx";
import { useRateColumns } from "./rate-columns.tsx";
import { SessionFilters } from "./session-filters.tsx";
import { sessionOptions } from "./session-options.ts";
import { useAddressNames } from "./use-address-names.ts";
import { useFrozen } from "./use-frozen.ts";
import { useRates } from "./use-rates.ts";
import { useSessionFilter } from "./use-session-filter.ts";
import { useSessionTerms } from "./use-session-terms.ts";

const limit = 50;
/** How fast somebody sends is seen from one answer to the next. */
const refreshMs = 5_000;

export function SessionsPage() {
  const id = useId();
  const t = useTranslations("sessions");
  const { filter, isNarrow, values, negation, set, clear } = useSessionFilter();
  const [ending, setEnding] = useState<string | null>(null);
  const [isEndingMany, setEndingMany] = useState(false);
  const [isAnnouncing, setAnnouncing] = useState(false);
  const place = useCursor(JSON.stringify(filter));
  const input = { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) };
  const sessions = useQuery(
    api.sessions.list.queryOptions({
      input,
      placeholderData: keepPreviousData,
      staleTime: refreshMs,
      refetchInterval: refreshMs,
    }),
  );
  const frozen = useFrozen(sessions.data, JSON.stringify(input));
  const rates = useRates(sessions.data?.items, sessions.dataUpdatedAt);
  // What went over a session in all is the hint of how fast it goes.
  const lookup = useAddressNames(frozen.rows);
  const told = useSessionColumns(setEnding, frozen.ended, lookup.names).filter(({ id }) => id !== "traffic");
  const columns = [...told.slice(0, -1), ...useRateColumns(rates), ...told.slice(-1)];
  const narrow = (next: Partial<typeof values>) => {
    place.reset();
    set(next);
  };
  const terms = useSessionTerms(values, narrow);
  const isNobody = (sessions.data?.items.length ?? 0) === 0;
  const { host, ...found } = filter;

  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <May call="announcements.send" host={filter.host ?? null}>
              <Button disabled={isNobody} onClick={() => setAnnouncing(true)}>
                {t(isNarrow ? "announceMatching" : "announceAll")}
              </Button>
            </May>
            <May call="sessions.endMatching" host={filter.host ?? null}>
              <Button variant="danger-quiet" disabled={isNobody} onClick={() => setEndingMany(true)}>
                {t(isNarrow ? "endMatching" : "endAll")}
              </Button>
            </May>
          </>
        }
      />
      <div className="flex flex-wrap items-center gap-3">
        <FilterField
          label={t("search")}
          search={values.q ?? ""}
          onSearch={(words) => narrow({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-72 max-sm:w-full"
        />
        <SavedViews page="/sessions" table="sessions" />
        <SessionFilters values={negation.plain(values)} onChange={narrow} />
        <ToggleField label={t("lookUp")} htmlFor={id}>
          <Switch id={id} checked={lookup.isOn} onCheckedChange={lookup.setOn} />
        </ToggleField>
        {frozen.isBehind ? (
          <span role="status" className="inline-flex items-center gap-2 text-ink-2">
            {t("changed", { fresh: frozen.fresh, ended: frozen.ended.size })}
            <Button size="sm" onClick={frozen.release}>
              {t("refresh")}
            </Button>
          </span>
        ) : null}
      </div>
      <div {...frozen.handlers}>
        <Panel flush>
          <QueryView query={sessions} skeleton={<TableSkeleton rows={10} columns={6} />}>
            {({ total, nextCursor }) =>
              frozen.rows.length > 0 ? (
                <>
                  <DataTable
                    name="sessions"
                    label={t("title")}
                    columns={columns}
                    rows={frozen.rows}
                    rowKey={(session) => session.jid}
                  />
                  <Pager place={place} limit={limit} count={frozen.rows.length} total={total} nextCursor={nextCursor} />
                </>
              ) : isNarrow || filter.host ? (
                <NoMatch title={t("noMatch")} onClear={clear} />
              ) : (
                <EmptyState title={t("empty")} text={t("emptyText")} command="nightpost connected_users" />
              )
            }
          </QueryView>
        </Panel>
      </div>
      <EndSessionDialog
        jid={ending}
        onClose={() => {
          setEnding(null);
          frozen.release();
        }}
      />
      <AnnounceDialog
        audience={isAnnouncing ? { kind: "sessions", filter: found } : null}
        host={host}
        command={(subject, body) =>
          commandLine("nightpost", "sessions", "announce", subject, body, ...sessionOptions(filter))
        }
        onClose={() => setAnnouncing(false)}
      />
      <EndMatchingDialog open={isEndingMany} filter={filter} onClose={() => setEndingMany(false)} />
    </Page>
  );
}
