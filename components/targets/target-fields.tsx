"use client";

import { useId } from "react";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { WebhookPreset } from "@/lib/contracts/forward-policy.ts";
import { tokenPresets } from "@/lib/contracts/token-presets.ts";
import { AuthFields } from "./auth-fields.tsx";
import { HeaderFields } from "./header-fields.tsx";
import { keptSecret, type TargetFormInput } from "./target-form.ts";

const numbers = ["timeoutMs", "concurrency", "maxAttempts", "ttlSeconds"] as const;
const jids = ["full", "bare", "local"] as const;

export function TargetFields({ isNew }: { isNew: boolean }) {
  const t = useTranslations("targets");
  const id = useId();
  const { register, control, formState } = useFormContext<TargetFormInput>();
  const { errors } = formState;
  const preset = useWatch({ control, name: "preset" }) ?? "classic";
  const accessToken = useWatch({ control, name: "accessToken" });
  return (
    <>
      <Field label={t("name")} htmlFor={`${id}-name`} help={t("nameHint")} error={errors.name?.message}>
        <Input
          id={`${id}-name`}
          readOnly={!isNew}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={errors.name ? true : undefined}
          aria-describedby={`${id}-name-help`}
          className={isNew ? "" : "bg-sunken text-ink-2"}
          {...register("name")}
        />
      </Field>
      <Field label={t("url")} htmlFor={`${id}-url`} help={t("urlHint")} error={errors.url?.message}>
        <Input
          id={`${id}-url`}
          type="url"
          placeholder="https://app.example.com/hooks/nightpost"
          spellCheck={false}
          aria-invalid={errors.url ? true : undefined}
          aria-describedby={`${id}-url-help`}
          {...register("url")}
        />
      </Field>
      <Field label={t("preset")} htmlFor={`${id}-preset`} help={t(`presetTexts.${preset}`)}>
        <Select id={`${id}-preset`} className="w-full" aria-describedby={`${id}-preset-help`} {...register("preset")}>
          {WebhookPreset.options.map((value) => (
            <option key={value} value={value}>
              {t(`presets.${value}`)}
            </option>
          ))}
        </Select>
      </Field>
      {tokenPresets.has(preset) ? (
        <Field
          label={t("accessToken")}
          htmlFor={`${id}-token`}
          help={t("accessTokenHint")}
          note={accessToken === keptSecret ? t("kept") : undefined}
          error={errors.accessToken?.message}
        >
          <Input
            id={`${id}-token`}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-token-help`}
            className="font-mono"
            {...register("accessToken")}
          />
        </Field>
      ) : null}
      {preset === "classic" ? (
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t("jid")}</span>
          <Controller
            control={control}
            name="jid"
            render={({ field }) => (
              <Segmented
                label={t("jid")}
                value={field.value ?? "full"}
                onChange={field.onChange}
                options={jids.map((value) => ({ value, label: t(`jids.${value}`) }))}
                className="self-start"
              />
            )}
          />
        </div>
      ) : null}
      <AuthFields />
      <HeaderFields />
      <fieldset className="grid gap-4 sm:grid-cols-2">
        <legend className="mb-2 font-medium">{t("limits")}</legend>
        {numbers.map((name) => (
          <Field
            key={name}
            label={<span className="font-normal text-ink-2">{t(name)}</span>}
            htmlFor={`${id}-${name}`}
            error={errors[name]?.message}
          >
            <Input
              id={`${id}-${name}`}
              type="number"
              inputMode="numeric"
              aria-invalid={errors[name] ? true : undefined}
              {...register(name, { valueAsNumber: true })}
            />
          </Field>
        ))}
      </fieldset>
      <ToggleField label={t("allowPrivate")} htmlFor={`${id}-private`} help={t("allowPrivateHint")}>
        <Checkbox id={`${id}-private`} aria-describedby={`${id}-private-help`} {...register("allowPrivate")} />
      </ToggleField>
      <ToggleField label={t("confidential")} htmlFor={`${id}-confidential`} help={t("confidentialHint")}>
        <Checkbox
          id={`${id}-confidential`}
          aria-describedby={`${id}-confidential-help`}
          {...register("confidential")}
        />
      </ToggleField>
      <ToggleField label={t("pausedField")} htmlFor={`${id}-paused`} help={t("pausedHint")}>
        <Checkbox id={`${id}-paused`} aria-describedby={`${id}-paused-help`} {...register("paused")} />
      </ToggleField>
      {isNew ? (
        <ToggleField label={t("alsoRule")} htmlFor={`${id}-rule`} help={t("alsoRuleHint")}>
          <Checkbox id={`${id}-rule`} aria-describedby={`${id}-rule-help`} {...register("alsoRule")} />
        </ToggleField>
      ) : null}
    </>
  );
}
