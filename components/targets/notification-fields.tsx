"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { NumberField, SelectField, TextField } from "./form-fields.tsx";
import type { FormOf } from "./target-form.ts";

const contents = ["full", "preview", "sender", "none"] as const;

/** What a phone is told of a message. */
export function NotificationFields() {
  const t = useTranslations("targets");
  const { control } = useFormContext<FormOf<"apns" | "fcm" | "webpush">>();
  const content = useWatch({ control, name: "content" }) ?? "sender";
  return (
    <>
      <SelectField
        name="content"
        label={t("content")}
        help={t(`contentTexts.${content}`)}
        options={contents.map((value) => ({ value, label: t(`contents.${value}`) }))}
      />
      {content === "preview" ? <NumberField name="previewLength" label={t("previewLength")} /> : null}
      <TextField name="text" label={t("text")} help={t("textHint")} />
    </>
  );
}
