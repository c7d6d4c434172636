"use client";

import { useId } from "react";
import { useFormContext } from "react-hook-form";
import { useLocale, useTranslations } from "use-intl";
import { useFieldText } from "@/components/kit/use-field-text.ts";
import { Textarea } from "@/components/ui/input.tsx";
import { languageName } from "@/lib/format/language-name.ts";
import type { PolicyValuesInput } from "./policy-values.ts";

/** What a template says, in a field for each language. */
export function TemplateTexts({ index, languages }: { index: number; languages: readonly string[] }) {
  const t = useTranslations("registration");
  const locale = useLocale();
  const id = useId();
  const fieldText = useFieldText();
  const { register, formState } = useFormContext<PolicyValuesInput>();
  const errors = formState.errors.templates?.[index]?.texts;
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      {languages.map((language) => {
        const fieldId = `${id}-${language}`;
        const message = errors?.[language]?.message;
        const isWrong = message !== undefined;
        const name = languageName(language, locale);
        return (
          <div key={language} className="flex flex-col gap-1">
            <label htmlFor={fieldId} className="text-meta text-ink-2">
              <span className="sr-only">{t("templateText", { number: index + 1, language: name })}</span>
              <span aria-hidden>{name}</span>
            </label>
            <Textarea
              id={fieldId}
              lang={language}
              rows={2}
              maxLength={1000}
              placeholder={t("templateTextHint")}
              aria-invalid={isWrong ? true : undefined}
              aria-describedby={isWrong ? `${fieldId}-error` : undefined}
              {...register(`templates.${index}.texts.${language}`)}
            />
            {isWrong ? (
              <p id={`${fieldId}-error`} role="alert" className="text-meta text-err">
                {fieldText({ message })}
              </p>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}
