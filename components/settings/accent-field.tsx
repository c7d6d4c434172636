"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { accentShades, grounds, type Theme } from "@/lib/brand/accent.ts";

interface Props {
  value: string;
  onChange: (color: string) => void;
}

const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/.test(text);

/** A colour as `#rrggbb`, and what becomes of it in each theme. */
export function AccentField({ value, onChange }: Props) {
  const t = useTranslations("loginPolicy.brand");
  const id = useId();
  const known = isColor(value) ? value : null;
  return (
    <Field
      label={t("accent")}
      htmlFor={id}
      help={t("accentHint")}
      error={value !== "" && known === null ? t("noColor") : undefined}
    >
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="color"
          aria-label={t("pick")}
          value={known ?? "#000000"}
          onChange={({ target }) => onChange(target.value)}
          className="h-8 w-10 rounded-control border bg-surface p-1"
        />
        <Input
          id={id}
          value={value}
          placeholder="#rrggbb"
          maxLength={7}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-help`}
          aria-invalid={value !== "" && known === null}
          onChange={({ target }) => onChange(target.value.trim().toLowerCase())}
          className="w-28 font-mono"
        />
        {value === "" ? null : <Button onClick={() => onChange("")}>{t("ofProduct")}</Button>}
      </div>
      {known === null ? null : (
        <div className="mt-2 grid max-w-[480px] grid-cols-2 gap-3 max-sm:grid-cols-1">
          <Preview color={known} theme="light" />
          <Preview color={known} theme="dark" />
        </div>
      )}
    </Field>
  );
}

function Preview({ color, theme }: { color: string; theme: Theme }) {
  const t = useTranslations("loginPolicy.brand");
  const { accent, on, soft, isAdjusted } = accentShades(color, theme);
  const [, surface] = grounds[theme];
  const note = isAdjusted ? t(theme === "light" ? "darker" : "lighter", { color: accent }) : t("asGiven");
  return (
    <div className="flex flex-col gap-1">
      <div
        className="flex items-center gap-3 rounded-panel border px-3 py-3"
        style={{ background: surface, color: accent }}
      >
        <span className="rounded-control px-2.5 py-1 font-medium" style={{ background: accent, color: on }}>
          {t("sampleButton")}
        </span>
        <span className="underline">{t("sampleLink")}</span>
        <span className="rounded-badge px-1.5 text-meta" style={{ background: soft }}>
          12
        </span>
      </div>
      <p className="text-meta text-ink-3">
        {t(theme)} · {note}
      </p>
    </div>
  );
}
