"use client";

import type { CSSProperties } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import type { Gap } from "@/lib/api/live-rows.ts";
import { useTimes } from "@/lib/format/use-times.ts";

interface Props {
  style: CSSProperties;
  index: number;
}

/** Events that were not shown, in the place where they belong. */
export function GapRow({ gap, style, index, onLoad }: Props & { gap: Gap; onLoad: () => void }) {
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
        {gap.from === 0 ? null : (
          <Button size="sm" variant="ghost" className="h-6 text-accent" onClick={onLoad}>
            {t("gapLoad")}
          </Button>
        )}
      </span>
    </div>
  );
}

/** The connection was lost and came back without loss. */
export function ReconnectedRow({ at, style, index }: Props & { at: string }) {
  const t = useTranslations("forward");
  const times = useTimes();
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      tabIndex={-1}
      style={style}
      className="flex items-center gap-3 px-4 text-meta text-ink-3"
    >
      <span aria-hidden className="h-px flex-1 bg-line" />
      <span role="gridcell">{t("reconnected", { time: times.clock(at).slice(0, 8) })}</span>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  );
}
