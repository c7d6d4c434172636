"use client";

import type { ReactNode } from "react";
import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import { ExportMenu } from "@/components/kit/export-menu.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { TargetSelect } from "@/components/kit/target-select.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ForwardState } from "@/lib/contracts/forward-event.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { visible } from "@/lib/format/visible.ts";
import { ReplayButton } from "@/components/kit/replay-button.tsx";
import type { useForwardFilter } from "./use-forward-filter.ts";

interface Props {
  filters: ReturnType<typeof useForwardFilter>;
  targets: string[];
  children?: ReactNode;
}

export function Filters({ filters, targets, children }: Props) {
  const t = useTranslations("forward");
  const simulator = useTranslations("simulator");
  const times = useTimes();
  const { values, set } = filters;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        label={t("search")}
        value={values.q ?? ""}
        onChange={(text) => set({ q: text || null })}
        className="w-80 max-sm:w-full"
      />
      <FilterSelect
        label={t("state")}
        value={values.state}
        any={t("anyState")}
        options={ForwardState.options.map((state) => [state, t(`states.${state}`)])}
        onChange={(state) => set({ state })}
        className="w-36 max-sm:flex-1"
      />
      <TargetSelect value={values.target} targets={targets} onChange={(target) => set({ target })} />
      <SavedViews page="/forward" />
      <ExportMenu list="forward" filter={filters.filter} host={filters.filter.host ?? null} />
      {children}
      {values.user ? (
        <Chip label={`${t("user")}: ${visible(values.user)}`} onRemove={() => set({ user: null })} />
      ) : null}
      {values.device ? (
        <Chip label={`${t("device")}: ${values.device}`} onRemove={() => set({ device: null })} />
      ) : null}
      {values.class ? (
        <Chip label={`${t("class")}: ${simulator(`classes.${values.class}`)}`} onRemove={() => set({ class: null })} />
      ) : null}
      {values.reason ? <Chip label={visible(values.reason)} onRemove={() => set({ reason: null })} /> : null}
      {values.since || values.until ? (
        <Chip
          label={t("range", {
            from: values.since ? times.full(values.since) : "…",
            to: values.until ? times.full(values.until) : "…",
          })}
          onRemove={() => set({ since: null, until: null })}
        />
      ) : null}
      {values.state === "dead" ? <ReplayButton filter={filters.filter} /> : null}
    </div>
  );
}

function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const t = useTranslations("common");
  return (
    <span className="inline-flex min-h-8 items-center gap-1 rounded-control border border-accent/40 bg-accent-soft pl-2.5">
      <bdi className="wrap-anywhere">{label}</bdi>
      <Button variant="ghost" size="sm" className="w-7 px-0" aria-label={`${t("remove")}: ${label}`} onClick={onRemove}>
        <X aria-hidden className="size-3.5" />
      </Button>
    </span>
  );
}
