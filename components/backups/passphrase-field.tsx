"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";

interface Props {
  value: string;
  help: string;
  error?: string | undefined;
  onChange: (text: string) => void;
}

export const leastPassphrase = 8;

export function PassphraseField({ value, help, error, onChange }: Props) {
  const t = useTranslations("backups");
  const id = useId();
  const isShort = value !== "" && value.length < leastPassphrase;
  return (
    <Field
      label={t("passphrase")}
      htmlFor={id}
      help={help}
      error={error ?? (isShort ? t("passphraseShort", { count: leastPassphrase }) : undefined)}
    >
      <PasswordInput
        id={id}
        value={value}
        autoComplete="off"
        aria-invalid={error !== undefined || isShort ? true : undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
