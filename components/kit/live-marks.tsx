"use client";

import type { CSSProperties } from "react";
import { useLocale, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import type { Gap, Restarted } from "@/lib/api/live-rows.ts";
import { cn } from "@/lib/format/cn.ts";
import { formatDuration } from "@/lib/format/time.ts";
import { useTimes } from "@/lib/format/use-times.ts";

interface Props {
  style: CSSProperties;
  index: number;
}

/** Events that were not shown, in the place where they belong. */
export function GapRow({ gap, style, index, onLoad }: Props & { gap: Gap; onLoad: (() => void) | undefined }) {
  const t = useTranslations("forward");
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      tabIndex={-1}
      style={style}
      className="flex items-center bg-warn-soft px-4 text-meta"
    >
      <span role="gridcell" className="flex items-center gap-3">
        {gap.sampledOut !== undefined
          ? t("sampledOut", { count: gap.sampledOut })
          : gap.from === 0
            ? t("kept")
            : t("gap", { count: gap.to - gap.from + 1 })}
        {gap.from === 0 || !onLoad ? null : (
          <Button size="sm" variant="ghost" className="h-6 text-accent" onClick={onLoad}>
            {t("gapLoad")}
          </Button>
        )}
      </span>
    </div>
  );
}

/** The connection was lost and came back without loss. */
export function ReconnectedRow({ at, ...place }: Props & { at: string }) {
  const t = useTranslations("forward");
  const times = useTimes();
  return <Mark {...place} text={t("reconnected", { time: times.clock(at).slice(0, 8) })} />;
}

/** What is below this was told by an earlier run of the server. */
export function RestartedRow({ row, ...place }: Props & { row: Restarted }) {
  const t = useTranslations("log");
  const locale = useLocale();
  const times = useTimes();
  const seconds = new Intl.NumberFormat(locale, {
    style: "unit",
    unit: "second",
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  });
  const down = row.downMs < 60_000 ? seconds.format(row.downMs / 1000) : formatDuration(row.downMs, locale);
  return <Mark {...place} text={t("restarted", { time: times.clock(row.at).slice(0, 8), down })} isStrong />;
}

function Mark({ text, style, index, isStrong }: Props & { text: string; isStrong?: boolean }) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      tabIndex={-1}
      style={style}
      className={cn("flex items-center gap-3 px-4 text-meta", isStrong ? "bg-warn-soft text-warn" : "text-ink-3")}
    >
      <span aria-hidden className="h-px flex-1 bg-line" />
      <span role="gridcell">{text}</span>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  );
}
