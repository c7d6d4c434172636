"use client";

import type { ComponentProps } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { NameCheck } from "@/lib/contracts/users.ts";
import { NameVerdict } from "./name-verdict.tsx";

interface Props extends ComponentProps<"input"> {
  id: string;
  typed: string;
  check: NameCheck | null;
  /** It cannot be the name of what is being made. */
  isRefused: boolean;
  error: string | undefined;
}

/** The name of an account to be, with what the server says of it while it is typed. */
export function NameField({ id, typed, check, isRefused, error, ...input }: Props) {
  const t = useTranslations("users");
  const help = (
    // Two lines, whatever they say: what is below stays where it is.
    <span role="status" className="block min-h-[2lh]">
      {check === null || error !== undefined ? t("localHint") : <NameVerdict check={check} typed={typed} />}
    </span>
  );
  return (
    <Field label={t("local")} htmlFor={id} help={help} error={error}>
      <Input
        id={id}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={error !== undefined || isRefused ? true : undefined}
        aria-describedby={error === undefined ? `${id}-help` : `${id}-error ${id}-help`}
        {...input}
      />
    </Field>
  );
}
