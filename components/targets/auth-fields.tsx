"use client";

import { useId } from "react";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import type { Auth, FormOf } from "./target-form.ts";

/** The header `Authorization`: one that is stored can be kept or replaced, never read. */
export function AuthFields() {
  const t = useTranslations("targets");
  const id = useId();
  const { control, register, formState } = useFormContext<FormOf<"webhook">>();
  const { errors, defaultValues } = formState;
  const auth = useWatch({ control, name: "auth" });
  const choices: Auth[] = [...(defaultValues?.auth === "kept" ? ["kept" as const] : []), "none", "bearer", "basic"];
  return (
    <div className="flex flex-col gap-2">
      <span className="font-medium">{t("auth")}</span>
      <Controller
        control={control}
        name="auth"
        render={({ field }) => (
          <Segmented
            label={t("auth")}
            value={field.value}
            onChange={field.onChange}
            options={choices.map((value) => ({ value, label: t(`auths.${value}`) }))}
            className="self-start"
          />
        )}
      />
      {auth === "kept" ? <p className="text-meta text-ink-3">{t("authKept")}</p> : null}
      {auth === "bearer" ? (
        <Field label={t("token")} htmlFor={`${id}-token`} error={errors.token?.message}>
          <PasswordInput
            id={`${id}-token`}
            autoComplete="off"
            aria-invalid={errors.token ? true : undefined}
            {...register("token")}
          />
        </Field>
      ) : null}
      {auth === "basic" ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("user")} htmlFor={`${id}-user`} error={errors.user?.message}>
            <Input
              id={`${id}-user`}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              aria-invalid={errors.user ? true : undefined}
              {...register("user")}
            />
          </Field>
          <Field label={t("password")} htmlFor={`${id}-password`} error={errors.password?.message}>
            <PasswordInput id={`${id}-password`} autoComplete="new-password" {...register("password")} />
          </Field>
        </div>
      ) : null}
    </div>
  );
}
