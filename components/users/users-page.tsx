"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { UserPlus } from "lucide-react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { ExportMenu } from "@/components/kit/export-menu.tsx";
import { May } from "@/components/kit/may.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import { cn } from "@/lib/format/cn.ts";
import { CreateUserDialog } from "./create-user-dialog.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { useUserColumns } from "./user-columns.tsx";
import { userHref } from "./user-href.ts";

const limit = 50;
const filters = ["all", "online", "queued", "never", "suspended"] as const;

export function UsersPage() {
  const t = useTranslations();
  const router = useRouter();
  const [host] = useHost();
  const [search, setSearch] = useQueryState("q", parseAsString.withDefault(""));
  const [filter, setFilter] = useQueryState("filter", parseAsStringLiteral(filters).withDefault("all"));
  const [isCreating, setCreating] = useCreateFlag();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const place = useCursor(`${host} ${search} ${filter}`);
  const columns = useUserColumns();

  const input = {
    limit,
    filter,
    ...(host ? { host } : {}),
    ...(search ? { search } : {}),
    ...(place.cursor ? { cursor: place.cursor } : {}),
  };
  const users = useQuery(api.users.list.queryOptions({ input, placeholderData: keepPreviousData }));
  const isFiltered = search !== "" || filter !== "all" || host !== null;
  const narrow = (change: () => void) => {
    place.reset();
    setSelected(new Set());
    change();
  };

  return (
    <Page title={t("users.title")}>
      <PageHeader
        title={t("users.title")}
        actions={
          <>
            <ExportMenu list="users" host={host} filter={{ host: host ?? undefined, search, filter }} />
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
        <SearchField
          label={t("users.search")}
          value={search}
          onChange={(text) => narrow(() => void setSearch(text || null))}
          className="w-72 max-sm:w-full"
        />
        <SavedViews page="/users" />
        <Segmented
          label={t("users.filter")}
          value={filter}
          onChange={(next) => narrow(() => void setFilter(next))}
          options={filters.map((each) => ({ value: each, label: t(`users.filters.${each}`) }))}
        />
      </div>
      <Panel flush className="relative">
        <QueryView query={users} skeleton={<TableSkeleton rows={12} columns={6} />}>
          {({ items, total, nextCursor }) =>
            items.length === 0 ? (
              isFiltered ? (
                <NoMatch
                  title={t("users.noMatch")}
                  onClear={() => narrow(() => void Promise.all([setSearch(null), setFilter(null)]))}
                />
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
                <DataTable
                  name="users"
                  label={t("users.title")}
                  columns={columns}
                  rows={items}
                  rowKey={(user) => user.jid}
                  onOpen={(user) => router.push(userHref(user.jid, host))}
                  selection={{ selected, onChange: setSelected, nameOf: (key) => key }}
                />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
                <SelectionBar
                  users={items.filter((user) => selected.has(user.jid))}
                  onDone={() => setSelected(new Set())}
                />
              </div>
            )
          }
        </QueryView>
      </Panel>
      <CreateUserDialog open={isCreating} onOpenChange={setCreating} host={host} />
    </Page>
  );
}
