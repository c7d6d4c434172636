"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { type ShownFilter, today, type useUserFilter } from "./use-user-filter.ts";

type Filter = ReturnType<typeof useUserFilter>;
type Values = Pick<ShownFilter, "status" | "idle" | "created" | "queued">;

/** What each sets, and takes away again. */
const presets = [
  ["never", { status: "never" }],
  ["idle", { idle: 90 }],
  ["queued", { queued: 101 }],
  ["suspended", { status: "suspended" }],
  ["today", { created: today }],
] as const satisfies readonly (readonly [string, Partial<Values>])[];

/** What an admin looks for most often, one click away; those that are about different things hold together. */
export function UserPresets({ values, onChange }: { values: Values; onChange: Filter["set"] }) {
  const t = useTranslations("users");
  return (
    <div role="group" aria-label={t("presets")} className="flex w-full flex-wrap gap-2">
      {presets.map(([name, terms]) => {
        const wanted = Object.entries(terms);
        const isOn = wanted.every(([term, value]) => values[term as keyof Values] === value);
        return (
          <Button
            key={name}
            size="sm"
            aria-pressed={isOn}
            className="aria-pressed:border-accent/40 aria-pressed:bg-accent-soft"
            onClick={() => onChange(isOn ? Object.fromEntries(wanted.map(([term]) => [term, null])) : terms)}
          >
            {t(`preset.${name}`)}
          </Button>
        );
      })}
    </div>
  );
}
