"use client";

import { useTranslations } from "use-intl";
import { FilterSelect } from "./filter-select.tsx";

/** The filter for a target. One that is gone stays a choice while a list is filtered by it. */
export function TargetSelect({
  value,
  targets,
  onChange,
}: {
  value: string | null | undefined;
  targets: readonly string[];
  onChange: (target: string | null) => void;
}) {
  const t = useTranslations("forward");
  const names = value && !targets.includes(value) ? [...targets, value] : targets;
  return (
    <FilterSelect
      label={t("target")}
      value={value}
      any={t("anyTarget")}
      options={names.map((name) => [name, name])}
      onChange={onChange}
      className="w-40 max-sm:flex-1"
    />
  );
}
