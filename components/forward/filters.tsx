"use client";

import type { ReactNode } from "react";
import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import { SearchField } from "@/components/kit/search-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/select.tsx";
import { ForwardState } from "@/lib/contracts/forward.ts";
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
  const names = values.target && !targets.includes(values.target) ? [...targets, values.target] : targets;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        label={t("search")}
        value={values.q ?? ""}
        onChange={(text) => set({ q: text || null })}
        className="w-80 max-sm:w-full"
      />
      <Select
        aria-label={t("state")}
        value={values.state ?? ""}
        onChange={(event) => set({ state: ForwardState.options.find((each) => each === event.target.value) ?? null })}
        className="w-36 max-sm:flex-1"
      >
        <option value="">{t("anyState")}</option>
        {ForwardState.options.map((state) => (
          <option key={state} value={state}>
            {t(`states.${state}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t("target")}
        value={values.target ?? ""}
        onChange={(event) => set({ target: event.target.value || null })}
        className="w-40 max-sm:flex-1"
      >
        <option value="">{t("anyTarget")}</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
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
