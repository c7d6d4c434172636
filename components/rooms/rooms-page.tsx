"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { choiceTerm, numberTerm } from "@/components/kit/filter-terms.ts";
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
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { CreateRoomDialog } from "./create-room-dialog.tsx";
import { DestroyManyDialog } from "./destroy-many-dialog.tsx";
import { RoomTable } from "./room-table.tsx";
import { useRoomFilter, yesNo } from "./use-room-filter.ts";

const limit = 50;
const days = ["7", "30", "90", "365"] as const;

export function RoomsPage() {
  const t = useTranslations("rooms");
  const { filter, isNarrow, values, negation, set, clear } = useRoomFilter();
  const [isCreating, setCreating] = useCreateFlag();
  const [isDestroying, setDestroying] = useState(false);
  const place = useCursor(JSON.stringify(filter));
  const rooms = useQuery(
    api.rooms.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
    }),
  );
  const narrow = (next: Partial<typeof values>) => {
    place.reset();
    set(next);
  };
  const terms = [
    choiceTerm({
      name: "occupied",
      label: t("occupiedFilter"),
      value: values.occupied,
      options: yesNo.map((each) => [each, t(`occupied.${each}`)] as const),
      set: (occupied) => narrow({ occupied }),
      isShown: true,
    }),
    choiceTerm({
      name: "persistent",
      label: t("persistentFilter"),
      value: values.persistent,
      options: yesNo.map((each) => [each, t(`persistent.${each}`)] as const),
      set: (persistent) => narrow({ persistent }),
      isShown: true,
    }),
    numberTerm({
      name: "unused",
      known: days,
      label: t("unused"),
      value: values.unused,
      set: (count) => narrow({ unused: count }),
      // The choice beside it knows these.
      isShown: days.some((each) => Number(each) === values.unused),
    }),
    useHostTerm(),
  ];
  const plain = negation.plain(values);
  const unused = days.find((each) => Number(each) === values.unused);

  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <May call="rooms.create">
            <Button variant="primary" onClick={() => setCreating(true)}>
              <Plus aria-hidden className="size-4" />
              {t("create")}
            </Button>
          </May>
        }
      />
      <div className="flex flex-wrap items-center gap-2">
        <FilterField
          label={t("search")}
          search={values.q ?? ""}
          onSearch={(words) => narrow({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-72 max-sm:w-full"
        />
        <SavedViews page="/rooms" table="rooms" />
        <FilterSelect
          label={t("occupiedFilter")}
          value={plain.occupied}
          any={t("anyOccupied")}
          options={yesNo.map((each) => [each, t(`occupied.${each}`)])}
          onChange={(occupied) => narrow({ occupied })}
          className="w-44 max-sm:flex-1"
        />
        <FilterSelect
          label={t("unused")}
          value={unused}
          any={t("anyUnused")}
          options={days.map((each) => [each, t("unusedDays", { days: Number(each) })])}
          onChange={(chosen) => narrow({ unused: chosen === null ? null : Number(chosen) })}
          className="w-40 max-sm:flex-1"
        />
        <FilterSelect
          label={t("persistentFilter")}
          value={plain.persistent}
          any={t("anyPersistent")}
          options={yesNo.map((each) => [each, t(`persistent.${each}`)])}
          onChange={(persistent) => narrow({ persistent })}
          className="w-44 max-sm:flex-1"
        />
        {isNarrow ? (
          <May call="rooms.removeMatching">
            <Button variant="danger-quiet" className="ml-auto" onClick={() => setDestroying(true)}>
              {t("destroyMany")}
            </Button>
          </May>
        ) : null}
      </div>
      <Panel flush>
        <QueryView query={rooms} skeleton={<TableSkeleton rows={12} columns={8} />}>
          {({ items, nextCursor, total }) =>
            items.length > 0 ? (
              <>
                <RoomTable rooms={items} />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            ) : isNarrow ? (
              <NoMatch title={t("noMatch")} onClear={clear} />
            ) : (
              <EmptyState
                title={t("empty")}
                text={t("emptyText")}
                action={
                  <May call="rooms.create">
                    <Button onClick={() => setCreating(true)}>{t("create")}</Button>
                  </May>
                }
                command="nightpost room create ROOM OWNER"
              />
            )
          }
        </QueryView>
      </Panel>
      <CreateRoomDialog open={isCreating} onClose={() => setCreating(false)} />
      <DestroyManyDialog open={isDestroying} filter={filter} onClose={() => setDestroying(false)} />
    </Page>
  );
}
