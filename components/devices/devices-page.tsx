"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTranslations } from "use-intl";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { choiceTerm, textTerm } from "@/components/kit/filter-terms.ts";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TargetSelect } from "@/components/kit/target-select.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { useNegation } from "@/components/kit/use-negation.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { deviceKinds } from "@/lib/contracts/words.ts";
import { DeviceTable } from "./device-table.tsx";

const RegisterDialog = dynamic(() => import("./register-dialog.tsx").then((part) => part.RegisterDialog), {
  ssr: false,
});

const limit = 50;
const states = ["active", "registered", "disabled"] as const;
const parsers = {
  q: parseAsString,
  kind: parseAsStringLiteral(deviceKinds),
  state: parseAsStringLiteral(states),
  target: parseAsString,
  user: parseAsString,
};
const nothing = { q: null, kind: null, state: null, target: null, user: null };
const fields = { kind: "kind", state: "state", target: "target", user: "user" };

export function DevicesPage() {
  const t = useTranslations();
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const [isCreating, setCreating] = useCreateFlag();
  const negation = useNegation(fields);
  const { q, kind, state, target, user } = values;
  const filter = {
    ...(host ? { host } : {}),
    ...(q ? { search: q } : {}),
    ...(kind ? { kind } : {}),
    ...(state ? { state } : {}),
    ...(target ? { target } : {}),
    ...(user ? { user } : {}),
    ...negation.input,
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
  const { set } = negation.over(setValues, nothing);
  const narrow: typeof set = (next) => {
    place.reset();
    set(next);
  };
  const kinds = deviceKinds.map((each) => [each, t(`targets.kinds.${each}`)] as const);
  const stateNames = states.map((each) => [each, t(`devices.states.${each}`)] as const);
  const terms = [
    choiceTerm({
      name: "kind",
      label: t("devices.columns.kind"),
      value: kind,
      options: kinds,
      set: (chosen) => narrow({ kind: chosen }),
      isShown: true,
    }),
    choiceTerm({
      name: "state",
      label: t("devices.columns.state"),
      value: state,
      options: stateNames,
      set: (chosen) => narrow({ state: chosen }),
      isShown: true,
    }),
    textTerm({
      name: "target",
      label: t("forward.target"),
      value: target,
      known: names,
      set: (chosen) => narrow({ target: chosen }),
      isShown: true,
    }),
    textTerm({
      name: "user",
      label: t("devices.columns.user"),
      value: user,
      set: (chosen) => narrow({ user: chosen }),
    }),
    useHostTerm(),
  ];
  const plain = negation.plain(values);
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
        <FilterField
          label={t("devices.search")}
          search={q ?? ""}
          onSearch={(words) => narrow({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-72 max-sm:w-full"
        />
        <SavedViews page="/devices" table="devices" />
        <FilterSelect
          label={t("devices.columns.kind")}
          value={plain.kind}
          any={t("devices.anyKind")}
          options={kinds}
          onChange={(chosen) => narrow({ kind: chosen })}
          className="w-36 max-sm:flex-1"
        />
        <FilterSelect
          label={t("devices.columns.state")}
          value={plain.state}
          any={t("forward.anyState")}
          options={stateNames}
          onChange={(chosen) => narrow({ state: chosen })}
          className="w-36 max-sm:flex-1"
        />
        <TargetSelect value={plain.target} targets={names} onChange={(chosen) => narrow({ target: chosen })} />
      </div>
      <Panel flush>
        <QueryView query={devices} skeleton={<TableSkeleton rows={8} columns={6} />}>
          {({ items, nextCursor, total }) =>
            items.length === 0 ? (
              Object.keys(filter).length > 0 ? (
                <NoMatch title={t("devices.noMatch")} onClear={() => narrow(nothing)} />
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
      {isCreating ? <RegisterDialog open onClose={() => setCreating(false)} user="" /> : null}
    </Page>
  );
}
