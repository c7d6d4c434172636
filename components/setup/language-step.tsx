"use client";

import { useTranslations } from "use-intl";
import { LanguageChoice } from "@/components/kit/preferences.tsx";
import { StepFrame } from "./step-frame.tsx";
import type { StepProps } from "./step-props.ts";

export function LanguageStep({ nav }: StepProps) {
  const t = useTranslations("setup");
  return (
    <StepFrame nav={nav} title={t("title")} onSubmit={nav.onNext}>
      <p className="text-ink-2">{t("languageText")}</p>
      <div>
        <LanguageChoice />
      </div>
    </StepFrame>
  );
}
