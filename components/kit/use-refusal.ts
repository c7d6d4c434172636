"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale } from "use-intl";
import { fillWords } from "@/lib/contracts/fill-words.ts";
import { visible } from "@/lib/format/visible.ts";
import { useSentence } from "./use-sentence.ts";

interface Refusal {
  reason?: string;
  values?: Record<string, string | number>;
}

/** The translations are loaded by those who need them: the English comes with each problem. */
const load = async () =>
  new Map<string, string>(Object.entries((await import("@/lib/i18n/chinese-refusals.ts")).chineseRefusals));

/** Why the server said no, in the reader's language, by the reason's code; null: what it said in English has to do. */
export function useRefusal(): (refusal: Refusal) => string | null {
  const locale = useLocale();
  const inner = useSentence();
  const sentences = useQuery({
    queryKey: ["refusals", locale],
    queryFn: load,
    enabled: locale === "zh-CN",
    staleTime: Infinity,
    gcTime: Infinity,
  }).data;
  return ({ reason, values = {} }) => {
    const sentence = locale === "zh-CN" && reason !== undefined ? sentences?.get(reason) : undefined;
    if (sentence === undefined) return null;
    // A reason is a sentence of the server itself, and has no code.
    const why = typeof values["reason"] === "string" ? { reason: inner(values["reason"]) } : {};
    return visible(fillWords(sentence, { ...values, ...why }));
  };
}
