"use client";

import { useFormatter, useTranslations } from "use-intl";

/** The server counts no further than this. */
const maxCounted = 10_000;

export function MessageCount({ count }: { count: number }) {
  const t = useTranslations("rooms");
  const format = useFormatter();
  return count > maxCounted ? t("moreThan", { count: format.number(maxCounted) }) : format.number(count);
}
