"use client";

import { Plus, X } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { type FormOf, keptSecret } from "./target-form.ts";

export function HeaderFields() {
  const t = useTranslations("targets");
  const { control, register, formState } = useFormContext<FormOf<"webhook">>();
  const { fields, append, remove } = useFieldArray({ control, name: "headers" });
  const values = useWatch({ control, name: "headers" });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">{t("headers")}</legend>
      {fields.map((field, index) => {
        const isKept = values[index]?.value === keptSecret;
        const errors = formState.errors.headers?.[index];
        return (
          <div key={field.id} className="flex flex-col gap-1">
            <div className="flex items-center gap-2">
              <Input
                aria-label={t("headerName", { line: index + 1 })}
                placeholder="X-Api-Key"
                spellCheck={false}
                aria-invalid={errors?.name ? true : undefined}
                className="flex-1"
                {...register(`headers.${index}.name`)}
              />
              <Input
                aria-label={t("headerValue", { line: index + 1 })}
                spellCheck={false}
                autoComplete="off"
                aria-invalid={errors?.value ? true : undefined}
                className="flex-[1.5] font-mono"
                {...register(`headers.${index}.value`)}
              />
              <IconButton label={t("removeHeader", { line: index + 1 })} size="sm" onClick={() => remove(index)}>
                <X aria-hidden className="size-4" />
              </IconButton>
            </div>
            {isKept ? <p className="text-meta text-ink-3">*** : {t("keptSecret")}</p> : null}
            {errors ? (
              <p role="alert" className="text-meta text-err">
                {errors.name?.message ?? errors.value?.message}
              </p>
            ) : null}
          </div>
        );
      })}
      <Button size="sm" className="self-start" onClick={() => append({ name: "", value: "" })}>
        <Plus aria-hidden className="size-3.5" />
        {t("addHeader")}
      </Button>
      <p className="text-meta text-ink-3">{t("headersHint")}</p>
    </fieldset>
  );
}
