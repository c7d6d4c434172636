"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { useSettled } from "@/components/kit/use-settled.ts";
import { Input } from "@/components/ui/input.tsx";
import { NamesCheck } from "./names-check.tsx";
import { SetupEquivalent } from "./setup-equivalent.tsx";
import { isHost, stepProblem } from "./setup-values.ts";
import { StepFrame } from "./step-frame.tsx";
import type { StepProps } from "./step-props.ts";

const settleMs = 500;

export function HostStep({ nav, values, onChange, token }: StepProps & { token: string }) {
  const t = useTranslations("setup");
  const id = useId();
  const [isChecked, setChecked] = useState(false);
  const problem = stepProblem("host", values);
  const settled = useSettled(values.host.trim(), settleMs);
  const submit = () => {
    setChecked(true);
    if (problem === null) nav.onNext();
  };
  return (
    <StepFrame nav={nav} onSubmit={submit}>
      <Field
        label={t("host")}
        htmlFor={id}
        help={t("hostText")}
        error={isChecked && problem ? t("badHost") : undefined}
      >
        <Input
          id={id}
          value={values.host}
          spellCheck={false}
          autoCapitalize="none"
          aria-invalid={isChecked && problem ? true : undefined}
          aria-describedby={`${id}-help`}
          className="h-9"
          onChange={(event) => {
            const local = values.admin.split("@")[0] ?? "admin";
            onChange({ host: event.target.value, admin: `${local}@${event.target.value.trim()}` });
          }}
        />
      </Field>
      {isHost(settled) ? <NamesCheck key={settled} token={token} host={settled} /> : null}
      <SetupEquivalent values={values} />
    </StepFrame>
  );
}
