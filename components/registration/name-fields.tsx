"use client";

import { useId } from "react";
import { useFormContext } from "react-hook-form";
import { useTranslations } from "use-intl";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import type { PolicyValuesInput } from "./policy-values.ts";

const toggles = ["requireTls", "mayChangePassword", "mayCancel"] as const;

export function NameFields() {
  const t = useTranslations("registration");
  const id = useId();
  const { register, formState } = useFormContext<PolicyValuesInput>();
  const { errors } = formState;
  return (
    <>
      <fieldset className="grid gap-4 sm:grid-cols-2">
        <legend className="mb-2 font-semibold">{t("names")}</legend>
        <Field
          label={t("reserved")}
          htmlFor={`${id}-reserved`}
          help={t("reservedHint")}
          error={errors.reservedNames?.message}
          className="sm:row-span-2"
        >
          <Textarea
            id={`${id}-reserved`}
            rows={6}
            spellCheck={false}
            aria-describedby={`${id}-reserved-help`}
            className="font-mono text-meta"
            {...register("reservedNames")}
          />
        </Field>
        <Field label={t("minLength")} htmlFor={`${id}-length`} error={errors.passwordMinLength?.message}>
          <Input id={`${id}-length`} type="number" {...register("passwordMinLength", { valueAsNumber: true })} />
        </Field>
        <Field
          label={t("strength")}
          htmlFor={`${id}-strength`}
          help={t("strengthHint")}
          error={errors.passwordStrength?.message}
        >
          <Input
            id={`${id}-strength`}
            type="number"
            aria-describedby={`${id}-strength-help`}
            {...register("passwordStrength", { valueAsNumber: true })}
          />
        </Field>
      </fieldset>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 font-semibold">{t("account")}</legend>
        {toggles.map((name) => (
          <ToggleField key={name} label={<span className="font-normal">{t(name)}</span>} htmlFor={`${id}-${name}`}>
            <Checkbox id={`${id}-${name}`} {...register(name)} />
          </ToggleField>
        ))}
      </fieldset>
    </>
  );
}
