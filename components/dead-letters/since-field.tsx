"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";

const hourMs = 3_600_000;
const spans = { hour: hourMs, day: 24 * hourMs, days3: 72 * hourMs, week: 168 * hourMs, month: 720 * hourMs } as const;
export type Span = keyof typeof spans;
const spanNames = Object.keys(spans) as Span[];

export const agoOf = (span: Span): string => new Date(Date.now() - spans[span]).toISOString();

/** A point in the past: so long ago, or an exact time of this browser's clock. */
export function SinceField({ onChange }: { onChange: (since: string) => void }) {
  const t = useTranslations("deadLetters");
  const id = useId();
  const [span, setSpan] = useState<Span | "exact">("day");
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label={t("since")} htmlFor={id}>
        <Select
          id={id}
          value={span}
          onChange={(event) => {
            const next = spanNames.find((name) => name === event.target.value);
            setSpan(next ?? "exact");
            if (next) onChange(agoOf(next));
          }}
          className="w-48"
        >
          {spanNames.map((name) => (
            <option key={name} value={name}>
              {t(`spans.${name}`)}
            </option>
          ))}
          <option value="exact">{t("spans.exact")}</option>
        </Select>
      </Field>
      {span === "exact" ? (
        <Input
          type="datetime-local"
          aria-label={t("spans.exact")}
          className="w-56"
          onChange={(event) => {
            const at = new Date(event.target.value);
            if (!Number.isNaN(at.getTime())) onChange(at.toISOString());
          }}
        />
      ) : null}
    </div>
  );
}
