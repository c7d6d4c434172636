"use client";

import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { accountFilters, audienceKinds, type useAudience } from "./use-audience.ts";

export function AudienceFields({ id, form }: { id: string; form: ReturnType<typeof useAudience> }) {
  const t = useTranslations("announcements");
  return (
    <>
      <Segmented
        label={t("audience")}
        value={form.kind}
        onChange={form.setKind}
        options={audienceKinds.map((value) => ({ value, label: t(`audiences.${value}`) }))}
        className="self-start"
      />
      <p className="text-ink-2">{t(`audienceTexts.${form.kind}`)}</p>
      {form.kind === "accounts" ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("search")} htmlFor={`${id}-search`}>
            <Input
              id={`${id}-search`}
              value={form.search}
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => form.setSearch(event.target.value)}
            />
          </Field>
          <Field label={t("filter")} htmlFor={`${id}-filter`}>
            <Select
              id={`${id}-filter`}
              value={form.filter}
              className="w-full"
              onChange={(event) => form.setFilter(accountFilters.find((each) => each === event.target.value) ?? "all")}
            >
              {accountFilters.map((each) => (
                <option key={each} value={each}>
                  {t(`filters.${each}`)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      ) : null}
      {form.kind === "selection" ? (
        <Field label={t("jids")} htmlFor={`${id}-jids`} help={t("jidsHint")}>
          <Textarea
            id={`${id}-jids`}
            rows={4}
            value={form.jidText}
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={`${id}-jids-help`}
            onChange={(event) => form.setJidText(event.target.value)}
          />
        </Field>
      ) : null}
    </>
  );
}
