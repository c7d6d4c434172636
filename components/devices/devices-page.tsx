"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { May } from "@/components/kit/may.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { TargetSelect } from "@/components/kit/target-select.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { DeviceKind } from "@/lib/contracts/devices.ts";
import { DeviceTable } from "./device-table.tsx";
import { RegisterDialog } from "./register-dialog.tsx";

const limit = 50;
const states = ["active", "registered", "disabled"] as const;
const parsers = {
  q: parseAsString,
  kind: parseAsStringLiteral(DeviceKind.options),
  state: parseAsStringLiteral(states),
  target: parseAsString,
};

export function DevicesPage() {
  const t = useTranslations();
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const [isCreating, setCreating] = useCreateFlag();
  const { q, kind, state, target } = values;
  const filter = {
    ...(host ? { host } : {}),
    ...(q ? { search: q } : {}),
    ...(kind ? { kind } : {}),
    ...(state ? { state } : {}),
    ...(target ? { target } : {}),
  };
  const place = useCursor(JSON.stringify(filter));
  const devices = useQuery(
    api.devices.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
      refetchInterval: 15_000,
    }),
  );
  const targets = useQuery(api.forward.targets.queryOptions());
  const names = (targets.data?.items ?? []).filter((each) => each.target.kind !== "webhook").map((each) => each.name);
  const set = (next: Partial<typeof values>) => {
    place.reset();
    void setValues(next);
  };
  const add = (
    <May call="devices.register" host={host}>
      <Button variant="primary" onClick={() => setCreating(true)}>
        <Plus aria-hidden className="size-4" />
        {t("devices.register")}
      </Button>
    </May>
  );

  return (
    <Page title={t("devices.title")}>
      <PageHeader title={t("devices.title")} lead={t("devices.lead")} actions={add} />
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label={t("devices.search")}
          value={q ?? ""}
          onChange={(text) => set({ q: text || null })}
          className="w-72 max-sm:w-full"
        />
        <SavedViews page="/devices" />
        <FilterSelect
          label={t("devices.columns.kind")}
          value={kind}
          any={t("devices.anyKind")}
          options={DeviceKind.options.map((each) => [each, t(`targets.kinds.${each}`)])}
          onChange={(chosen) => set({ kind: chosen })}
          className="w-36 max-sm:flex-1"
        />
        <FilterSelect
          label={t("devices.columns.state")}
          value={state}
          any={t("forward.anyState")}
          options={states.map((each) => [each, t(`devices.states.${each}`)])}
          onChange={(chosen) => set({ state: chosen })}
          className="w-36 max-sm:flex-1"
        />
        <TargetSelect value={target} targets={names} onChange={(chosen) => set({ target: chosen })} />
      </div>
      <Panel flush>
        <QueryView query={devices} skeleton={<TableSkeleton rows={8} columns={6} />}>
          {({ items, nextCursor, total }) =>
            items.length === 0 ? (
              Object.keys(filter).length > 0 ? (
                <NoMatch
                  title={t("devices.noMatch")}
                  onClear={() => set({ q: null, kind: null, state: null, target: null })}
                />
              ) : (
                <EmptyState title={t("devices.empty")} text={t("devices.emptyText")} action={add} />
              )
            ) : (
              <>
                <DeviceTable devices={items} withUser />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            )
          }
        </QueryView>
      </Panel>
      <RegisterDialog open={isCreating} onClose={() => setCreating(false)} user="" />
    </Page>
  );
}
