"use client";

import { useId } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import type { PolicyValuesInput } from "./policy-values.ts";

export function MessageFields() {
  const t = useTranslations("registration");
  const id = useId();
  const { register, control, formState } = useFormContext<PolicyValuesInput>();
  const { errors } = formState;
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 font-semibold">{t("messages")}</legend>
      <Field label={t("instructions")} htmlFor={`${id}-instructions`} error={errors.instructions?.message}>
        <Textarea id={`${id}-instructions`} rows={2} {...register("instructions")} />
      </Field>
      <ToggleField label={t("welcome")} htmlFor={`${id}-welcome`}>
        <Checkbox id={`${id}-welcome`} {...register("hasWelcome")} />
      </ToggleField>
      {useWatch({ control, name: "hasWelcome" }) ? (
        <div className="flex flex-col gap-4 border-l-2 border-line pl-4">
          <Field label={t("welcomeSubject")} htmlFor={`${id}-subject`} error={errors.welcomeSubject?.message}>
            <Input id={`${id}-subject`} {...register("welcomeSubject")} />
          </Field>
          <Field label={t("welcomeBody")} htmlFor={`${id}-body`} error={errors.welcomeBody?.message}>
            <Textarea id={`${id}-body`} rows={4} {...register("welcomeBody")} />
          </Field>
        </div>
      ) : null}
      <Field label={t("watchers")} htmlFor={`${id}-watchers`} help={t("watchersHint")} error={errors.watchers?.message}>
        <Textarea
          id={`${id}-watchers`}
          rows={2}
          spellCheck={false}
          aria-describedby={`${id}-watchers-help`}
          className="font-mono text-meta"
          {...register("watchers")}
        />
      </Field>
    </fieldset>
  );
}
