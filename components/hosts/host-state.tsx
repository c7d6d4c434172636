"use client";

import { Check, CirclePause, Hourglass } from "lucide-react";
import { useLocale, useTranslations } from "use-intl";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { useNow } from "@/lib/format/now.ts";
import { formatDuration } from "@/lib/format/time.ts";

/** On, off, or on its way there, with what is left of it. */
export function HostState({ host: { enabled, drainUntil } }: { host: Pick<HostSummary, "enabled" | "drainUntil"> }) {
  const t = useTranslations("hosts");
  const locale = useLocale();
  const now = useNow();
  if (enabled && drainUntil !== null) {
    return (
      <span className="inline-flex items-center gap-1.5 text-warn tabular-nums">
        <Hourglass aria-hidden className="size-3.5 shrink-0" />
        <span suppressHydrationWarning>
          {t("drainsIn", { time: formatDuration(Math.max(0, Date.parse(drainUntil) - now), locale) })}
        </span>
      </span>
    );
  }
  const Icon = enabled ? Check : CirclePause;
  return (
    <span className={`inline-flex items-center gap-1.5 ${enabled ? "text-ok" : "text-ink-3"}`}>
      <Icon aria-hidden className="size-3.5" />
      {t(enabled ? "enabled" : "disabled")}
    </span>
  );
}
