"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { ExportMenu } from "@/components/kit/export-menu.tsx";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { cn } from "@/lib/format/cn.ts";
import { SelectAll } from "./select-all.tsx";
import { useSelection } from "./use-selection.ts";
import { useTags } from "./use-tags.ts";
import { useUserFilter } from "./use-user-filter.ts";
import { useUserTerms } from "./use-user-terms.ts";
import { useUserColumns } from "./user-columns.tsx";
import { UserFilters } from "./user-filters.tsx";
import { userHref } from "./user-href.ts";
import { UserJobsPanel } from "./user-jobs-panel.tsx";
import { UserPresets } from "./user-presets.tsx";

const SelectionBar = dynamic(() => import("./selection-bar.tsx").then((part) => part.SelectionBar), { ssr: false });

const CreateUserDialog = dynamic(() => import("./create-user-dialog.tsx").then((part) => part.CreateUserDialog), {
  ssr: false,
});
const limit = 50;

export function UsersPage() {
  const t = useTranslations();
  const router = useRouter();
  const [host] = useHost();
  const { filter, isNarrow, values, negation, set, clear } = useUserFilter();
  const key = JSON.stringify(filter);
  const [isCreating, setCreating] = useCreateFlag();
  const selection = useSelection(key);
  const place = useCursor(key);
  const columns = useUserColumns();

  const input = { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) };
  const users = useQuery(api.users.list.queryOptions({ input, placeholderData: keepPreviousData }));
  const narrow = (next: Parameters<typeof set>[0]) => {
    place.reset();
    set(next);
  };
  const tags = useTags(host);
  const terms = useUserTerms(values, narrow, tags);
  const plain = negation.plain(values);
  const exported = Object.entries({ ...filter, filter: values.status }).map(([name, value]) => [name, String(value)]);

  return (
    <Page title={t("users.title")}>
      <PageHeader
        title={t("users.title")}
        actions={
          <>
            <ExportMenu list="users" host={host} filter={Object.fromEntries(exported)} />
            <May call="users.create" host={host}>
              <Button variant="primary" onClick={() => setCreating(true)}>
                <UserPlus aria-hidden className="size-4" />
                {t("users.create")}
              </Button>
            </May>
          </>
        }
      />
      <div className="flex flex-wrap items-center gap-3">
        <FilterField
          label={t("users.search")}
          search={values.q ?? ""}
          onSearch={(words) => narrow({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-64 max-sm:w-full"
        />
        <SavedViews page="/users" table="users" />
        <UserFilters values={plain} onChange={narrow} />
        <UserPresets values={plain} onChange={narrow} />
      </div>
      <UserJobsPanel />
      <Panel flush className="relative">
        <QueryView query={users} skeleton={<TableSkeleton rows={12} columns={6} />}>
          {({ items, total, nextCursor }) => {
            const jids = items.map(({ jid }) => jid);
            const chosen = selection.on(jids);
            const isPageChosen = jids.length > 1 && chosen.size === jids.length;
            return items.length === 0 ? (
              isNarrow || host !== null ? (
                <NoMatch title={t("users.noMatch")} onClear={clear} />
              ) : (
                <EmptyState
                  title={t("users.empty")}
                  text={t("users.emptyText")}
                  action={
                    <May call="users.create" host={host}>
                      <Button onClick={() => setCreating(true)}>{t("users.create")}</Button>
                    </May>
                  }
                  command="nightpost import users FILE.csv"
                />
              )
            ) : (
              <div className={cn(users.isPlaceholderData && "opacity-70")}>
                {selection.isAll || isPageChosen ? (
                  <SelectAll
                    isAll={selection.isAll}
                    except={selection.except.length}
                    count={chosen.size}
                    total={total}
                    onAll={selection.all}
                  />
                ) : null}
                <DataTable
                  name="users"
                  label={t("users.title")}
                  columns={columns}
                  rows={items}
                  rowKey={(user) => user.jid}
                  onOpen={(user) => router.push(userHref(user.jid, host))}
                  selection={{
                    selected: chosen,
                    onChange: (next) => selection.choose(jids, next),
                    nameOf: (jid) => jid,
                  }}
                />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
                <SelectionBar
                  users={items.filter((user) => chosen.has(user.jid))}
                  matching={selection.isAll ? { ...filter, except: selection.except } : null}
                  onDone={selection.clear}
                />
              </div>
            );
          }}
        </QueryView>
      </Panel>
      <CreateUserDialog open={isCreating} onOpenChange={setCreating} host={host} />
    </Page>
  );
}
