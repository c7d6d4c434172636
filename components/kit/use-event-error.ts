"use client";

import { useTranslations } from "use-intl";
import { collapsedInto, shortEventId } from "@/lib/format/event-id.ts";
import { useSentence } from "./use-sentence.ts";

/** What went wrong with an event, or which one was sent in its place, in the reader's language. */
export function useEventError(): (error: string) => string {
  const t = useTranslations("forward");
  const sentence = useSentence();
  return (error) => {
    const into = collapsedInto(error);
    return into === null ? sentence(error) : t("collapsedInto", { event: shortEventId(into) });
  };
}
