import { localeNames } from "../i18n/locales.ts";
import { byLocale } from "./by-locale.ts";

const names = byLocale((locale) => new Intl.DisplayNames(locale, { type: "language" }));

/** What a language is called, by its BCP 47 tag: those of the console in themselves, others in the reader's; else the tag. */
export function languageName(tag: string, locale: string): string {
  const own: Readonly<Record<string, string>> = localeNames;
  if (Object.hasOwn(own, tag)) return own[tag]!;
  try {
    return names(locale).of(tag) ?? tag;
  } catch {
    // What has the shape of a tag may be none: RFC 5646 says which subtags go where.
    return tag;
  }
}
