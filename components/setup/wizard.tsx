"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { api } from "@/lib/api/client.ts";
import { type SetupValues, type Step, stepProblem, steps } from "./setup-values.ts";
import { StepFields } from "./step-fields.tsx";
import { useSetupValues } from "./use-setup-values.ts";

interface Props {
  token: string;
  suggestedHost: string;
  onDone: (jid: string, host: string) => void;
}

export function Wizard({ token, suggestedHost, onDone }: Props) {
  const t = useTranslations("setup");
  const problemText = useProblemText();
  const heading = useRef<HTMLHeadingElement>(null);
  const [values, setValues] = useSetupValues(suggestedHost);
  const [isChecked, setChecked] = useState(false);
  const complete = useMutation(api.setup.complete.mutationOptions({ meta: { inline: true } }));
  const index = steps.indexOf(values.step);
  const isLast = index === steps.length - 1;
  const problem = stepProblem(values.step, values);

  const go = (step: Step | undefined) => {
    setChecked(false);
    if (!step) return;
    setValues({ ...values, step });
    requestAnimationFrame(() => heading.current?.focus());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (problem) return;
    if (!isLast) return go(steps[index + 1]);
    const { host, password, registration } = values;
    const admin = values.admin.trim();
    complete.mutate(
      { token, host: host.trim(), admin, password, registration },
      {
        onSuccess: ({ jid }) => {
          setValues(null);
          onDone(jid, host.trim());
        },
      },
    );
  };
  const update = (change: Partial<SetupValues>) => setValues({ ...values, ...change });

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <div>
        <p className="text-meta text-ink-3">{t("step", { current: index + 1, total: steps.length })}</p>
        <h1 ref={heading} tabIndex={-1} className="text-title font-semibold focus:outline-none">
          {index === 0 ? t("title") : t(`steps.${values.step}`)}
        </h1>
        <ol aria-hidden className="mt-3 flex gap-1.5">
          {steps.map((step, at) => (
            <li
              key={step}
              className={at <= index ? "h-1 flex-1 rounded-full bg-accent" : "h-1 flex-1 rounded-full bg-line"}
            />
          ))}
        </ol>
      </div>
      {complete.isError ? (
        <Banner tone="err" alert>
          {problemText(complete.error)}
        </Banner>
      ) : null}
      <StepFields values={values} onChange={update} problem={isChecked ? problem : null} />
      <div className="flex justify-between gap-2">
        {index > 0 ? (
          <Button size="lg" onClick={() => go(steps[index - 1])}>
            {t("back")}
          </Button>
        ) : (
          <span />
        )}
        <Button type="submit" size="lg" variant="primary" disabled={complete.isPending}>
          {isLast ? (complete.isPending ? t("finishing") : t("finish")) : t("next")}
        </Button>
      </div>
    </form>
  );
}
