"use client";

import { useTranslations } from "use-intl";
import { CheckProblems } from "@/components/targets/check-notes.tsx";
import { CheckField, SelectField } from "@/components/targets/form-fields.tsx";
import { UrlField } from "@/components/targets/url-field.tsx";
import { useTargetCheck } from "@/components/targets/use-target-check.ts";
import { WebhookPreset } from "@/lib/contracts/forward-target.ts";

/** A template is written where there is room for it. */
const presets = WebhookPreset.options.filter((preset) => preset !== "template");

/** What a first target needs; everything else is on its own page. */
export function TargetSettings({ isNew }: { isNew: boolean }) {
  const t = useTranslations("targets");
  const check = useTargetCheck(isNew);
  return (
    <>
      <UrlField />
      <SelectField
        name="preset"
        label={t("preset")}
        options={presets.map((value) => ({ value, label: t(`presets.${value}`) }))}
      />
      <CheckField name="allowPrivate" label={t("allowPrivate")} help={t("allowPrivateHint")} />
      <CheckProblems check={check} except={[]} />
    </>
  );
}
