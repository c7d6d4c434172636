"use client";

import { useTranslations } from "use-intl";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import { useTimes } from "@/lib/format/use-times.ts";

interface Props {
  at: string | null;
  /** `relative` in lists, `clock` in logs, `full` in details. */
  as?: "relative" | "clock" | "full";
}

/** A point in time; hovering or focusing shows it in local time, UTC and as epoch. */
export function TimeText({ at, as = "relative" }: Props) {
  const t = useTranslations("common");
  const times = useTimes();
  if (at === null) return <span className="text-ink-3">{t("never")}</span>;
  return (
    <Tooltip text={<EveryClock at={at} />}>
      <time dateTime={at} className="whitespace-nowrap" suppressHydrationWarning>
        {times[as](at)}
      </time>
    </Tooltip>
  );
}

function EveryClock({ at }: { at: string }) {
  const t = useTranslations("common");
  const times = useTimes();
  return (
    <span className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 font-mono">
      <span className="font-sans text-ink-3">{times.zoneName}</span>
      <span>{times.full(at)}</span>
      <span className="font-sans text-ink-3">{t("utc")}</span>
      <span>{at}</span>
      <span className="font-sans text-ink-3">{t("epoch")}</span>
      <span>{Date.parse(at)}</span>
    </span>
  );
}
