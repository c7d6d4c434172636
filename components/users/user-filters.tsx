"use client";

import { useTranslations } from "use-intl";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { accountOrigins } from "@/lib/contracts/words.ts";
import { type ShownFilter, states, today, type useUserFilter } from "./use-user-filter.ts";

export const idleDays = ["30", "90", "365"] as const;
export const createdDays = [`${today}`, "1", "7", "30"] as const;
export const waiting = ["1", "101", "1001"] as const;

const shown = states.filter((each) => each !== "all");

type Filter = ReturnType<typeof useUserFilter>;

/** What an admin looks for most often: who is gone, who is new, whose queue grows, who came from where. */
export function UserFilters({
  values,
  onChange,
}: {
  values: Pick<ShownFilter, "status" | "idle" | "created" | "queued" | "via">;
  onChange: Filter["set"];
}) {
  const t = useTranslations("users");
  const chosen = <Text extends string>(options: readonly Text[], value: number | null) =>
    value === null ? undefined : options.find((each) => Number(each) === value);
  const numberOf = (text: string | null) => (text === null ? null : Number(text));
  return (
    <>
      <FilterSelect
        label={t("columns.status")}
        value={shown.find((each) => each === values.status)}
        any={t("narrow.anyStatus")}
        options={shown.map((each) => [each, t(`filters.${each}`)])}
        onChange={(status) => onChange({ status })}
        className="w-37 max-sm:min-w-36 max-sm:flex-1"
      />
      <FilterSelect
        label={t("narrow.idle")}
        value={chosen(idleDays, values.idle)}
        any={t("narrow.anyIdle")}
        options={idleDays.map((each) => [each, t("narrow.idleDays", { days: Number(each) })])}
        onChange={(idle) => onChange({ idle: numberOf(idle) })}
        className="w-37 max-sm:min-w-36 max-sm:flex-1"
      />
      <FilterSelect
        label={t("narrow.created")}
        value={chosen(createdDays, values.created)}
        any={t("narrow.anyCreated")}
        options={createdDays.map((each) => [each, t("narrow.createdDays", { days: Number(each) })])}
        onChange={(created) => onChange({ created: numberOf(created) })}
        className="w-37 max-sm:min-w-36 max-sm:flex-1"
      />
      <FilterSelect
        label={t("narrow.queued")}
        value={chosen(waiting, values.queued)}
        any={t("narrow.anyQueued")}
        options={waiting.map((each) => [each, t("narrow.queuedOver", { count: Number(each) - 1 })])}
        onChange={(queued) => onChange({ queued: numberOf(queued) })}
        className="w-37 max-sm:min-w-36 max-sm:flex-1"
      />
      <FilterSelect
        label={t("columns.via")}
        value={values.via}
        any={t("narrow.anyVia")}
        options={accountOrigins.map((each) => [each, t(`via.${each}`)])}
        onChange={(via) => onChange({ via })}
        className="w-40 max-sm:min-w-36 max-sm:flex-1"
      />
    </>
  );
}
