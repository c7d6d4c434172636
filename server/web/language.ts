export type Language = "en" | "zh";

/** The language tag of a page in a language. */
export const languageTags: Readonly<Record<Language, string>> = { en: "en", zh: "zh-CN" };

/** The language among ours that a browser likes best (RFC 9110 12.5.4); English when it names none of them. */
export function languageOf(acceptLanguage: string | undefined): Language {
  let best: { language: Language; weight: number } = { language: "en", weight: 0 };
  for (const range of (acceptLanguage ?? "").slice(0, 500).split(",")) {
    const [tag = "", ...parameters] = range.split(";").map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    const primary = tag.toLowerCase().split("-")[0];
    const language = primary === "zh" || primary === "en" ? primary : null;
    if (language !== null && weight > best.weight) best = { language, weight };
  }
  return best.language;
}
