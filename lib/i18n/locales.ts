export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];

export const localeCookie = "nightpost.locale";

export const localeNames: Record<Locale, string> = { en: "English", "zh-CN": "简体中文" };

export const isLocale = (value: string | undefined): value is Locale => locales.some((locale) => locale === value);

/** The cookie decides, then Accept-Language in order of its weights (RFC 9110 12.5.4), then English. */
export function negotiateLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie;
  const ranges = (acceptLanguage ?? "")
    .split(",")
    .slice(0, 20)
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const weight = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split("-")[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { language } of ranges) {
    if (language === "zh") return "zh-CN";
    if (language === "en") return "en";
  }
  return "en";
}
