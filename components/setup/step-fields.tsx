"use client";

import { RadioGroup } from "radix-ui";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { LanguageChoice } from "@/components/kit/preferences.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { generatePassword } from "@/lib/format/password.ts";
import type { SetupValues, StepProblem } from "./setup-values.ts";

interface Props {
  values: SetupValues;
  onChange: (change: Partial<SetupValues>) => void;
  problem: StepProblem | null;
}

export function StepFields({ values, onChange, problem }: Props) {
  const t = useTranslations();
  const id = useId();
  const errorOf = (kind: StepProblem) =>
    problem === kind ? t(`setup.${kind}`, { host: values.host.trim() }) : undefined;
  switch (values.step) {
    case "language":
      return (
        <div className="flex flex-col gap-3">
          <p className="text-ink-2">{t("setup.languageText")}</p>
          <div>
            <LanguageChoice />
          </div>
        </div>
      );
    case "host":
      return (
        <Field label={t("setup.host")} htmlFor={id} help={t("setup.hostText")} error={errorOf("badHost")}>
          <Input
            id={id}
            value={values.host}
            spellCheck={false}
            autoCapitalize="none"
            aria-invalid={problem ? true : undefined}
            aria-describedby={`${id}-help`}
            className="h-9"
            onChange={(event) => {
              const local = values.admin.split("@")[0] ?? "admin";
              onChange({ host: event.target.value, admin: `${local}@${event.target.value.trim()}` });
            }}
          />
        </Field>
      );
    case "admin":
      return (
        <>
          <Field label={t("setup.jid")} htmlFor={`${id}-jid`} help={t("setup.adminText")} error={errorOf("badJid")}>
            <Input
              id={`${id}-jid`}
              name="username"
              autoComplete="username"
              value={values.admin}
              spellCheck={false}
              autoCapitalize="none"
              aria-invalid={problem === "badJid" ? true : undefined}
              aria-describedby={`${id}-jid-help`}
              className="h-9"
              onChange={(event) => onChange({ admin: event.target.value })}
            />
          </Field>
          <Field
            label={t("setup.password")}
            htmlFor={`${id}-password`}
            help={t("setup.passwordHint")}
            error={errorOf("badPassword")}
          >
            <div className="flex items-center gap-2">
              <div className="min-w-0 flex-1">
                <PasswordInput
                  id={`${id}-password`}
                  name="password"
                  autoComplete="new-password"
                  value={values.password}
                  aria-invalid={problem === "badPassword" ? true : undefined}
                  aria-describedby={`${id}-password-help`}
                  className="h-9"
                  onChange={(event) => onChange({ password: event.target.value })}
                />
              </div>
              <Button size="lg" onClick={() => onChange({ password: generatePassword() })}>
                {t("common.generate")}
              </Button>
              {values.password ? <CopyButton text={values.password} /> : null}
            </div>
          </Field>
        </>
      );
    default:
      return (
        <RadioGroup.Root
          aria-label={t("setup.mode")}
          value={values.registration}
          onValueChange={(mode) => onChange({ registration: mode === "open" ? "open" : "closed" })}
          className="flex flex-col gap-2"
        >
          <p className="text-ink-2">{t("setup.mode")}</p>
          {(["closed", "open"] as const).map((mode) => (
            <RadioGroup.Item
              key={mode}
              value={mode}
              className="flex flex-col rounded-control border border-line-strong bg-surface px-4 py-3 text-left data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
            >
              <span className="font-medium">{t(`setup.${mode}`)}</span>
              <span className="text-ink-2">{t(`setup.${mode}Text`)}</span>
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
      );
  }
}
