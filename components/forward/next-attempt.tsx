"use client";

import { useEffect, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { formatDuration } from "@/lib/format/time.ts";

/** Counts down to the next attempt; only rows on the screen do. */
export function NextAttempt({ at }: { at: string }) {
  const t = useTranslations("forward");
  const locale = useLocale();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Date.parse(at) - now;
  if (left <= 0) return null;
  return <span className="mr-2 text-warn">{t("nextIn", { time: formatDuration(left, locale) })}</span>;
}
