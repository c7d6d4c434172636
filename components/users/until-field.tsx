"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Input } from "@/components/ui/input.tsx";

/** Until when a suspension lasts: local time as the browser writes it; empty: until it is lifted. */
export function UntilField({ value, onChange }: { value: string; onChange: (until: string) => void }) {
  const t = useTranslations();
  const id = useId();
  return (
    <Field label={t("users.until")} htmlFor={id} help={t("users.untilHint")} note={t("common.optional")}>
      <Input
        id={id}
        type="datetime-local"
        value={value}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
        className="w-60"
      />
    </Field>
  );
}

/** The same for the server; null: until it is lifted. */
export const untilAtOf = (until: string): string | null => (until ? new Date(until).toISOString() : null);
