"use client";

import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { api } from "@/lib/api/client.ts";
import type { TargetDay as Day } from "@/lib/contracts/target-day.ts";
import { cn } from "@/lib/format/cn.ts";
import { useTimes } from "@/lib/format/use-times.ts";

const refreshMs = 60_000;
const outcomes = ["delivered", "retrying", "held", "dead", "queued"] as const;
const fills: Record<(typeof outcomes)[number], string> = {
  delivered: "bg-ok",
  retrying: "bg-warn",
  held: "bg-warn/50",
  dead: "bg-err",
  queued: "bg-ink-3/50",
};

/** The last day of a target: how long its deliveries took, half an hour beside the other, and what became of its events. */
export function TargetDay({ name }: { name: string }) {
  const t = useTranslations("targets");
  const day = useQuery(
    api.forward.targetDay.queryOptions({ input: { name }, refetchInterval: refreshMs, retry: false }),
  );
  if (!day.data) return null;
  const isQuiet = outcomes.every((outcome) => sumOf(day.data, outcome) === 0);
  return (
    <section aria-label={t("day")} className="flex flex-col gap-3 border-b border-line pb-4">
      <h3 className="font-medium">{t("day")}</h3>
      {isQuiet ? (
        <p className="text-meta text-ink-3">{t("dayQuiet")}</p>
      ) : (
        <>
          <Latency day={day.data} />
          <Outcomes day={day.data} />
        </>
      )}
    </section>
  );
}

const sumOf = ({ outcomes: buckets }: Day, outcome: (typeof outcomes)[number]): number =>
  buckets.reduce((sum, bucket) => sum + bucket[outcome], 0);

/** Rows from slow to fast, columns from yesterday to now; the more deliveries, the stronger. */
function Latency({ day: { from, bucketMs, bandsMs, latency } }: { day: Day }) {
  const t = useTranslations("targets");
  const format = useFormatter();
  const times = useTimes();
  const most = Math.max(1, ...latency.flat());
  const bands = bandsMs.length + 1;
  const bandText = (band: number): string => {
    const end = bandsMs[band];
    return end === undefined
      ? t("bandOver", { ms: format.number(bandsMs.at(-1) ?? 0) })
      : t("bandUnder", { ms: format.number(end) });
  };
  return (
    <div>
      <p className="mb-1 text-meta text-ink-3">{t("dayLatency")}</p>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-label text-ink-3 tabular-nums">
        <div aria-hidden className="flex flex-col justify-between text-right">
          <span>{bandText(bands - 1)}</span>
          <span>{bandText(0)}</span>
        </div>
        <div
          role="img"
          aria-label={t("dayLatencyOf", { slow: latency.reduce((sum, counts) => sum + (counts.at(-1) ?? 0), 0) })}
          className="flex h-20 gap-px"
        >
          {latency.map((counts, column) => (
            <div key={column} className="flex min-w-0 flex-1 flex-col-reverse gap-px">
              {Array.from({ length: bands }, (_, band) => {
                const count = counts[band] ?? 0;
                const at = new Date(Date.parse(from) + column * bucketMs).toISOString();
                return (
                  <span
                    key={band}
                    className="flex-1 bg-sunken"
                    {...(count === 0
                      ? {}
                      : { title: t("dayCell", { time: times.full(at), band: bandText(band), count }) })}
                  >
                    <span
                      className={cn("block size-full", count > 0 && (band >= bands - 2 ? "bg-warn" : "bg-accent"))}
                      style={{ opacity: count === 0 ? 0 : 0.25 + 0.75 * Math.sqrt(count / most) }}
                    />
                  </span>
                );
              })}
            </div>
          ))}
        </div>
        <span />
        <div aria-hidden className="mt-0.5 flex justify-between">
          <span>{t("dayAgo")}</span>
          <span>{t("dayNow")}</span>
        </div>
      </div>
    </div>
  );
}

function Outcomes({ day }: { day: Day }) {
  const t = useTranslations();
  const format = useFormatter();
  const parts = outcomes.map((outcome) => ({ outcome, count: sumOf(day, outcome) })).filter(({ count }) => count > 0);
  return (
    <div>
      <p className="mb-1 text-meta text-ink-3">{t("targets.dayOutcomes")}</p>
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-[2px]">
        {parts.map(({ outcome, count }) => (
          <span key={outcome} className={cn("min-w-0.5", fills[outcome])} style={{ flexGrow: count }} />
        ))}
      </div>
      <dl className="mt-1 flex flex-wrap gap-x-4 text-meta">
        {parts.map(({ outcome, count }) => (
          <div key={outcome} className="flex items-center gap-1.5">
            <span aria-hidden className={cn("size-2 rounded-[2px]", fills[outcome])} />
            <dt className="text-ink-3">{t(`forward.outcomes.${outcome}`)}</dt>
            <dd className="font-mono tabular-nums">{format.number(count)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
