"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Select } from "@/components/ui/select.tsx";
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
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden className="size-4" />
      {t("devices.register")}
    </Button>
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
        <Select
          aria-label={t("devices.columns.kind")}
          value={kind ?? ""}
          onChange={(event) => set({ kind: DeviceKind.options.find((each) => each === event.target.value) ?? null })}
          className="w-36 max-sm:flex-1"
        >
          <option value="">{t("devices.anyKind")}</option>
          {DeviceKind.options.map((each) => (
            <option key={each} value={each}>
              {t(`targets.kinds.${each}`)}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t("devices.columns.state")}
          value={state ?? ""}
          onChange={(event) => set({ state: states.find((each) => each === event.target.value) ?? null })}
          className="w-36 max-sm:flex-1"
        >
          <option value="">{t("forward.anyState")}</option>
          {states.map((each) => (
            <option key={each} value={each}>
              {t(`devices.states.${each}`)}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t("forward.target")}
          value={target ?? ""}
          onChange={(event) => set({ target: event.target.value || null })}
          className="w-40 max-sm:flex-1"
        >
          <option value="">{t("forward.anyTarget")}</option>
          {[...new Set([...names, ...(target ? [target] : [])])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
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
                <EmptyState
                  title={t("devices.empty")}
                  text={t("devices.emptyText")}
                  action={<Button onClick={() => setCreating(true)}>{t("devices.register")}</Button>}
                />
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
