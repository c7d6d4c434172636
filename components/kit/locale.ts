"use client";

import { useLocale } from "use-intl";
import { type Locale, localeCookie } from "@/lib/i18n/locales.ts";

/** Remembers the language for a year and loads the page in it. */
export function switchLocale(locale: Locale): void {
  document.cookie = `${localeCookie}=${locale}; path=/admin; max-age=31536000; samesite=lax`;
  location.reload();
}

export const useOtherLocale = (): Locale => (useLocale() === "en" ? "zh-CN" : "en");
