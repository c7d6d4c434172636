"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { CheckField, ChoiceField, LinesField, TextField } from "./form-fields.tsx";
import type { FormOf } from "./target-form.ts";

const bodies = ["none", "static", "full"] as const;

export function AppServerFields() {
  const t = useTranslations("targets");
  const { control } = useFormContext<FormOf<"xep0357">>();
  const body = useWatch({ control, name: "body" }) ?? "static";
  return (
    <>
      <LinesField
        name="domains"
        label={t("xep0357.domains")}
        help={t("xep0357.domainsHint")}
        placeholder="push.example.org"
      />
      <CheckField name="includeSender" label={t("xep0357.includeSender")} help={t("xep0357.includeSenderHint")} />
      <ChoiceField
        name="body"
        label={t("xep0357.body")}
        help={t(`xep0357.bodyTexts.${body}`)}
        options={bodies.map((value) => ({ value, label: t(`xep0357.bodies.${value}`) }))}
      />
      {body === "static" ? <TextField name="text" label={t("text")} /> : null}
    </>
  );
}
