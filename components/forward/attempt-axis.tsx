"use client";

import { useFormatter, useLocale, useTranslations } from "use-intl";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import type { ForwardEventDetail } from "@/lib/contracts/forward-event.ts";
import { cn } from "@/lib/format/cn.ts";
import { formatDuration } from "@/lib/format/time.ts";
import { waitAxis } from "@/lib/format/wait-axis.ts";

interface Point {
  at: number;
  look: "stored" | "done" | "failed" | "next";
  label: string;
}

const looks = {
  stored: "border-ink-3 bg-surface",
  done: "border-ok bg-ok",
  failed: "border-err bg-err",
  next: "border-warn border-dashed bg-surface",
};
/** Parts of the axis narrower than these have no room for their time: on a desk, and on a phone. */
const leastShare = 0.07;
const leastShareOnPhone = 0.2;

/** When was what tried: the waits between the attempts as distances. The list of attempts says the same in words. */
export function AttemptAxis({ event, next }: { event: ForwardEventDetail; next: string | null }) {
  const t = useTranslations("forward");
  const locale = useLocale();
  const format = useFormatter();
  const points: Point[] = [
    { at: Date.parse(event.createdAt), look: "stored", label: t("created") },
    ...event.attemptList.map(({ number, startedAt, outcome }) => ({
      at: Date.parse(startedAt),
      look: outcome === "delivered" ? ("done" as const) : ("failed" as const),
      label: format.number(number),
    })),
    ...(next === null ? [] : [{ at: Date.parse(next), look: "next" as const, label: t("nextAttempt") }]),
  ];
  if (points.length < 3) return null;
  const places = waitAxis(points.map(({ at }) => at));
  return (
    <Tooltip text={t("axisHint")}>
      <div aria-hidden className="relative mx-2 mb-3 h-9">
        <div className="absolute inset-x-0 top-[5px] border-t border-line-strong/60" />
        {points.map(({ at, look, label }, index) => {
          const place = places[index]!;
          const before = points[index - 1];
          const from = places[index - 1] ?? 0;
          return (
            <div key={index}>
              <span
                title={label}
                className={cn("absolute top-0 -ml-[5px] size-[11px] rounded-full border-2", looks[look])}
                style={{ left: `${place * 100}%` }}
              />
              {before !== undefined && place - from >= leastShare ? (
                <span
                  className={cn(
                    "absolute top-4 truncate text-center text-meta text-ink-3 tabular-nums",
                    place - from < leastShareOnPhone && "max-sm:hidden",
                  )}
                  style={{ left: `${from * 100}%`, width: `${(place - from) * 100}%` }}
                >
                  {formatDuration(Math.max(0, at - before.at), locale)}
                </span>
              ) : null}
            </div>
          );
        })}
      </div>
    </Tooltip>
  );
}
