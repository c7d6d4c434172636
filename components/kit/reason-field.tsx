"use client";

import { type ReactNode, useId } from "react";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input.tsx";
import { Field } from "./field.tsx";

interface Props {
  value: string;
  onChange: (reason: string) => void;
  /** Who reads it, where that is not plain. */
  help?: ReactNode;
  maxLength?: number;
}

/** Why something is done; it may be left out. */
export function ReasonField({ value, onChange, help, maxLength = 500 }: Props) {
  const t = useTranslations("common");
  const id = useId();
  return (
    <Field label={t("reason")} htmlFor={id} help={help} note={t("optional")}>
      <Input
        id={id}
        value={value}
        maxLength={maxLength}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
