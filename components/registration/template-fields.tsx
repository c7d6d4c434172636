"use client";

import { Plus, X } from "lucide-react";
import { useId } from "react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslations } from "use-intl";
import { useFieldText } from "@/components/kit/use-field-text.ts";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { maxReplyTemplates } from "@/lib/contracts/registration-policy.ts";
import { placeholders } from "./placeholders.ts";
import { type PolicyValuesInput, withEveryLanguage } from "./policy-values.ts";
import { TemplateTexts } from "./template-texts.tsx";

/** The texts that whoever decides on applications chooses from. */
export function TemplateFields() {
  const t = useTranslations("registration");
  const id = useId();
  const fieldText = useFieldText();
  const { control, register, formState } = useFormContext<PolicyValuesInput>();
  const { fields, append, remove } = useFieldArray({ control, name: "templates" });
  const isFull = fields.length >= maxReplyTemplates;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-semibold">{t("templates")}</legend>
      <p className="-mt-1 text-meta text-ink-3">{t("templatesHint", placeholders)}</p>
      <ol className="flex flex-col divide-y divide-line border-y border-line empty:hidden">
        {fields.map((field, index) => {
          const line = { number: index + 1 };
          const errors = formState.errors.templates?.[index];
          const isNameWrong = errors?.name !== undefined;
          return (
            <li key={field.id} aria-label={t("template", line)} className="grid gap-2 py-2">
              <div className="flex gap-2">
                <Input
                  aria-label={t("templateName", line)}
                  maxLength={64}
                  placeholder={t("templateNameHint")}
                  aria-invalid={isNameWrong ? true : undefined}
                  aria-describedby={isNameWrong ? `${id}-${index}` : undefined}
                  className="min-w-0 flex-1"
                  {...register(`templates.${index}.name`)}
                />
                <Select
                  aria-label={t("templateOutcome", line)}
                  className="w-32"
                  {...register(`templates.${index}.outcome`)}
                >
                  <option value="deny">{t("outcomesTold.deny")}</option>
                  <option value="approve">{t("outcomesTold.approve")}</option>
                </Select>
                <IconButton label={t("removeTemplate", line)} size="sm" onClick={() => remove(index)}>
                  <X aria-hidden className="size-4" />
                </IconButton>
              </div>
              {isNameWrong ? (
                <p id={`${id}-${index}`} role="alert" className="text-meta text-err">
                  {fieldText({ message: errors.name?.message ?? "" })}
                </p>
              ) : null}
              <TemplateTexts index={index} languages={Object.keys(field.texts)} />
            </li>
          );
        })}
      </ol>
      {isFull ? <p className="text-meta text-ink-3">{t("templatesFull", { count: maxReplyTemplates })}</p> : null}
      <Button
        size="sm"
        className="self-start"
        disabled={isFull}
        onClick={() => append({ name: "", outcome: "deny", texts: withEveryLanguage({}) })}
      >
        <Plus aria-hidden className="size-3.5" />
        {t("addTemplate")}
      </Button>
    </fieldset>
  );
}
