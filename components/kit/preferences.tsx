"use client";

import { useLocale, useTranslations } from "use-intl";
import { Segmented } from "@/components/ui/segmented.tsx";
import { localeNames, locales } from "@/lib/i18n/locales.ts";
import { switchLocale } from "./locale.ts";
import { themes, useTheme } from "./theme.ts";

export function LanguageChoice() {
  const t = useTranslations("common");
  return (
    <Segmented
      label={t("language")}
      value={useLocale()}
      onChange={switchLocale}
      options={locales.map((locale) => ({ value: locale, label: <span lang={locale}>{localeNames[locale]}</span> }))}
    />
  );
}

export function ThemeChoice() {
  const t = useTranslations("common");
  const [theme, setTheme] = useTheme();
  return (
    <Segmented
      label={t("theme")}
      value={theme}
      onChange={setTheme}
      options={themes.map((each) => ({ value: each, label: t(`themes.${each}`) }))}
    />
  );
}
