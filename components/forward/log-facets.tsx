"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { FacetList } from "@/components/kit/facet-list.tsx";
import { api } from "@/lib/api/client.ts";
import { forwardStates, messageClasses } from "@/lib/contracts/words.ts";
import { visible } from "@/lib/format/visible.ts";
import type { useForwardFilter } from "./use-forward-filter.ts";

interface Props {
  filters: ReturnType<typeof useForwardFilter>;
  isLive: boolean;
}

/** What the events of the log have in common, each value with its count; a click narrows the log to it. */
export function LogFacets({ filters: { filter, negation, set, ...filters }, isLive }: Props) {
  const t = useTranslations();
  const values = negation.plain(filters.values);
  const facets = useQuery(
    api.forward.facets.queryOptions({
      input: filter,
      placeholderData: keepPreviousData,
      refetchInterval: isLive ? 10_000 : false,
    }),
  );
  return (
    <aside
      aria-label={t("forward.facets")}
      className="flex w-56 shrink-0 flex-col gap-4 overflow-y-auto border-r border-line p-3"
    >
      {facets.data ? (
        <>
          <FacetList
            title={t("forward.state")}
            options={facets.data.states.flatMap(({ value, count }) => {
              const state = forwardStates.find((each) => each === value);
              return state ? [{ value, count, label: t(`forward.states.${state}`) }] : [];
            })}
            chosen={values.state}
            onChoose={(value) => set({ state: forwardStates.find((each) => each === value) ?? null })}
          />
          <FacetList
            title={t("forward.target")}
            options={facets.data.targets.map(({ value, count }) => ({ value, count, label: value }))}
            chosen={values.target}
            onChoose={(target) => set({ target })}
          />
          <FacetList
            title={t("forward.class")}
            options={facets.data.classes.flatMap(({ value, count }) => {
              const kind = messageClasses.find((each) => each === value);
              return kind ? [{ value, count, label: t(`simulator.classes.${kind}`) }] : [];
            })}
            chosen={values.class}
            onChoose={(value) => set({ class: messageClasses.find((each) => each === value) ?? null })}
          />
          <FacetList
            title={t("deadLetters.reason")}
            options={facets.data.reasons.map(({ value, count }) => ({ value, count, label: visible(value) }))}
            chosen={values.reason}
            onChoose={(reason) => set({ reason })}
          />
          {facets.data.isComplete ? null : <p className="text-meta text-ink-3">{t("forward.facetsHint")}</p>}
        </>
      ) : null}
    </aside>
  );
}
