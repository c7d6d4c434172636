"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale } from "use-intl";
import { visible } from "@/lib/format/visible.ts";

/** Told in English by the server; the translations are loaded by those who need them. */
const load = async () => {
  const [server, modules, protocols, imports, reasons, fields, refusals, remarks, attempts, libraries, { translator }] =
    await Promise.all([
      import("@/lib/i18n/sentences.ts"),
      import("@/lib/i18n/module-sentences.ts"),
      import("@/lib/i18n/protocol-sentences.ts"),
      import("@/lib/i18n/import-sentences.ts"),
      import("@/lib/i18n/reason-sentences.ts"),
      import("@/lib/i18n/field-sentences.ts"),
      import("@/lib/i18n/chinese-refusals.ts"),
      import("@/lib/i18n/chinese-remarks.ts"),
      import("@/lib/i18n/chinese-attempt-errors.ts"),
      import("@/lib/i18n/chinese-library-errors.ts"),
      import("@/lib/i18n/translate-sentence.ts"),
    ]);
  return translator([
    ...server.chineseSentences,
    ...modules.chineseModuleSentences,
    ...protocols.chineseProtocolSentences,
    ...imports.chineseImportSentences,
    ...reasons.chineseReasonSentences,
    ...fields.chineseFieldSentences,
    ...refusals.refusalSentences,
    ...remarks.remarkSentences,
    ...attempts.attemptErrorSentences,
    ...libraries.libraryErrorSentences,
  ]);
};

/** A sentence of the server in the reader's language, fit to be shown; one that nobody has translated stays what it is. */
export function useSentence(): (text: string) => string {
  const locale = useLocale();
  const translate = useQuery({
    queryKey: ["sentences", locale],
    queryFn: load,
    enabled: locale === "zh-CN",
    staleTime: Infinity,
    gcTime: Infinity,
  }).data;
  return (text) => visible((locale === "zh-CN" ? translate?.(text) : null) ?? text);
}
