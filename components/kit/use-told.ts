"use client";

import { type Coded, useRefusal } from "./use-refusal.ts";
import { useSentence } from "./use-sentence.ts";

/** What the server says, in the reader's language: by its code; where it has none, by its English. Fit to be shown. */
export function useTold(): (said: Coded & { readonly message: string }) => string {
  const refusal = useRefusal();
  const sentence = useSentence();
  return (said) => refusal(said) ?? sentence(said.message);
}
