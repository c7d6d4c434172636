"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { ChoiceList } from "./choice-list.tsx";
import { registrationChoices, stepProblem } from "./setup-values.ts";
import { StepFrame } from "./step-frame.tsx";
import type { StepProps } from "./step-props.ts";

export function RegistrationStep({ nav, values, onChange }: StepProps) {
  const t = useTranslations("setup");
  const id = useId();
  const [isChecked, setChecked] = useState(false);
  const current = useQuery(api.registration.get.queryOptions({ input: {} }));
  const save = useMutation(api.registration.set.mutationOptions({ meta: { inline: true } }));
  const { registration: mode, minutes } = values;
  const change = { mode, ...(mode === "open" ? { timeout: Number(minutes) * 60 } : {}) };
  const problem = stepProblem("registration", values);
  const submit = () => {
    setChecked(true);
    if (problem !== null || current.data === undefined) return;
    save.mutate({ policy: { ...current.data.policy, ...change } }, { onSuccess: nav.onNext });
  };
  return (
    <StepFrame
      nav={nav}
      error={save.error ?? current.error}
      isBusy={current.data === undefined || save.isPending}
      canSkip
      onSubmit={submit}
    >
      <p className="text-ink-2">{t("mode")}</p>
      <ChoiceList
        label={t("mode")}
        value={mode}
        options={registrationChoices.map((value) => ({ value, label: t(value), text: t(`${value}Text`) }))}
        onChange={(registration) => onChange({ registration })}
      />
      {mode === "open" ? (
        <Field
          label={t("minutes")}
          htmlFor={id}
          help={t("minutesText")}
          error={isChecked && problem ? t("badMinutes") : undefined}
        >
          <Input
            id={id}
            value={minutes}
            inputMode="numeric"
            autoComplete="off"
            aria-invalid={isChecked && problem ? true : undefined}
            aria-describedby={`${id}-help`}
            className="h-9 w-28"
            onChange={(event) => onChange({ minutes: event.target.value.trim() })}
          />
        </Field>
      ) : null}
      <Equivalent
        command={commandLine(
          ...["nightpost", "registration", "set"],
          ...Object.entries(change).map(([key, value]) => `${key}=${value}`),
        )}
        method="PUT"
        path="/registration"
        body={{ policy: change }}
      />
    </StepFrame>
  );
}
