"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale } from "use-intl";
import { fillWords } from "@/lib/contracts/fill-words.ts";
import { visible } from "@/lib/format/visible.ts";
import { useSentence } from "./use-sentence.ts";

/** What is said, by its code, with what belongs into the code's sentence. */
export interface Coded {
  readonly reason?: string | undefined;
  readonly values?: Readonly<Record<string, string | number>> | undefined;
}

/** The translations are loaded by those who need them: the English comes with each problem. */
const load = async () => {
  const [{ chineseRefusals }, { chineseRemarks }, { chineseLibraryError }] = await Promise.all([
    import("@/lib/i18n/chinese-refusals.ts"),
    import("@/lib/i18n/chinese-remarks.ts"),
    import("@/lib/i18n/chinese-library-errors.ts"),
  ]);
  const sentences = new Map<string, string>([...Object.entries(chineseRefusals), ...Object.entries(chineseRemarks)]);
  return { sentences, libraryError: chineseLibraryError };
};

/** Those whose `detail` is what a library says. */
const ofLibraries: ReadonlySet<string> = new Set(["expression-wrong", "regexp-wrong", "template-wrong"]);

/** Values that are sentences of the server themselves, and have no code. */
const sentenceValues = ["reason", "detail"] as const;

/** Why the server said no, or what it remarked, in the reader's language, by the code; null: its English has to do. */
export function useRefusal(): (said: Coded) => string | null {
  const locale = useLocale();
  const inner = useSentence();
  const chinese = useQuery({
    queryKey: ["refusals", locale],
    queryFn: load,
    enabled: locale === "zh-CN",
    staleTime: Infinity,
    gcTime: Infinity,
  }).data;
  return ({ reason, values = {} }) => {
    const sentence = locale === "zh-CN" && reason !== undefined ? chinese?.sentences.get(reason) : undefined;
    if (chinese === undefined || sentence === undefined) return null;
    const filled = { ...values };
    for (const name of sentenceValues) {
      const value = values[name];
      if (typeof value !== "string") continue;
      const isOfLibrary = name === "detail" && ofLibraries.has(reason ?? "");
      filled[name] = isOfLibrary ? chinese.libraryError(value) : inner(value);
    }
    return visible(fillWords(sentence, filled));
  };
}
