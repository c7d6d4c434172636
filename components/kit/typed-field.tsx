"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input.tsx";
import { visible } from "@/lib/format/visible.ts";
import { Field } from "./field.tsx";

interface Props {
  /** What has to be typed. */
  name: string;
  value: string;
  onChange: (typed: string) => void;
}

/** What cannot be undone asks for a name or a number to be typed. */
export function TypedField({ name, value, onChange }: Props) {
  const t = useTranslations("common");
  const id = useId();
  return (
    <Field label={t("typeToConfirm", { name: visible(name) })} htmlFor={id}>
      <Input
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </Field>
  );
}
