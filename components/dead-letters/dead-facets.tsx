"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { FacetList } from "@/components/kit/facet-list.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { api } from "@/lib/api/client.ts";
import type { ForwardFilter } from "@/lib/contracts/forward-filter.ts";
import { messageClasses } from "@/lib/contracts/words.ts";
import type { useDeadFilter } from "./use-dead-filter.ts";

type Filters = ReturnType<typeof useDeadFilter>;

/** Why events died, where they were going and what they were, counted over all that the filter matches. */
interface Props extends Pick<Filters, "set"> {
  filter: ForwardFilter;
  values: Pick<Filters["values"], "reason" | "target" | "class">;
}

export function DeadFacets({ filter, values, set }: Props) {
  const t = useTranslations();
  const sentence = useSentence();
  const facets = useQuery(
    api.forward.facets.queryOptions({ input: filter, placeholderData: keepPreviousData, refetchInterval: 10_000 }),
  );
  if (!facets.data) return null;
  const { reasons, targets, classes } = facets.data;
  return (
    <div className="flex shrink-0 flex-col gap-5 empty:hidden max-lg:w-full lg:w-56">
      <FacetList
        title={t("deadLetters.reason")}
        options={reasons.map(({ value, count }) => ({ value, count, label: sentence(value) }))}
        chosen={values.reason}
        onChoose={(reason) => set({ reason })}
      />
      <FacetList
        title={t("forward.target")}
        options={targets.map(({ value, count }) => ({ value, count, label: value }))}
        chosen={values.target}
        onChoose={(target) => set({ target })}
      />
      <FacetList
        title={t("forward.class")}
        options={classes.flatMap(({ value, count }) => {
          const kind = messageClasses.find((each) => each === value);
          return kind ? [{ value, count, label: t(`simulator.classes.${kind}`) }] : [];
        })}
        chosen={values.class}
        onChoose={(value) => set({ class: messageClasses.find((each) => each === value) ?? null })}
      />
    </div>
  );
}
