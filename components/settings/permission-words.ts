"use client";

import { useTranslations } from "use-intl";

type Area = Parameters<ReturnType<typeof useTranslations<"roles.areas">>>[0];
type Verb = Parameters<ReturnType<typeof useTranslations<"roles.verbs">>>[0];

/** Names of permissions in the reader's language, by their two halves. */
export function usePermissionWords() {
  const areas = useTranslations("roles.areas");
  const verbs = useTranslations("roles.verbs");
  return {
    area: (name: string): string => (areas.has(name as Area) ? areas(name as Area) : name),
    verb: (name: string): string => (verbs.has(name as Verb) ? verbs(name as Verb) : name),
  };
}
