"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useKeys } from "@/components/kit/use-keys.ts";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import { api } from "@/lib/api/client.ts";
import { cn } from "@/lib/format/cn.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import type { useForwardFilter } from "./use-forward-filter.ts";

/** From the axis upwards. Tones differ in lightness, too. */
const outcomes = [
  { name: "delivered", fill: "fill-ok/70", dot: "bg-ok/70" },
  { name: "queued", fill: "fill-ink-3/60", dot: "bg-ink-3/60" },
  { name: "retrying", fill: "fill-warn/80", dot: "bg-warn/80" },
  { name: "held", fill: "fill-warn/45", dot: "bg-warn/45" },
  { name: "dead", fill: "fill-err", dot: "bg-err" },
] as const;

const buckets = 60;

interface Props {
  filters: ReturnType<typeof useForwardFilter>;
  isLive: boolean;
}

/**
 * Exact counts from the server. A bucket is a button: click or drag narrow the log to it, and so do the arrow keys (with Shift:
 * more than one) and Enter. Z is the way back.
 */
export function Histogram({ filters, isLive }: Props) {
  const t = useTranslations("forward");
  const format = useFormatter();
  const times = useTimes();
  const histogram = useQuery(
    api.forward.histogram.queryOptions({
      input: { ...filters.filter, buckets },
      refetchInterval: isLive && !filters.values.until ? 5000 : false,
      placeholderData: keepPreviousData,
    }),
  );
  const row = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [active, setActive] = useState(buckets - 1);
  const data = histogram.data;
  const list = data?.buckets ?? [];
  const top = Math.max(1, ...list.map((bucket) => outcomes.reduce((sum, { name }) => sum + bucket[name], 0)));
  const at = (index: number) =>
    new Date(Date.parse(data?.from ?? "1970-01-01T00:00:00Z") + index * (data?.bucketMs ?? 0)).toISOString();

  const select = (a: number, b: number) => filters.set({ since: at(Math.min(a, b)), until: at(Math.max(a, b) + 1) });
  const onKey = (event: KeyboardEvent, index: number) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = Math.min(list.length - 1, Math.max(0, index + step));
    setDrag(event.shiftKey ? { from: drag?.from ?? index, to: next } : null);
    setActive(next);
    row.current?.querySelectorAll("button")[next]?.focus();
  };
  const finish = () => {
    if (drag) select(drag.from, drag.to);
    setDrag(null);
  };
  const whole = () => filters.set({ since: null, until: null });
  useKeys({ z: whole, Z: whole });

  return (
    <section
      aria-label={t("histogram")}
      className="@container rounded-panel border border-line bg-surface px-3 pt-2 pb-1.5"
    >
      <div
        ref={row}
        role="group"
        aria-label={t("histogram")}
        className="flex h-16 items-stretch"
        onPointerLeave={() => setDrag(null)}
      >
        {list.map((bucket, index) => {
          const isIn = drag !== null && index >= Math.min(drag.from, drag.to) && index <= Math.max(drag.from, drag.to);
          const label = t("bucket", { from: times.full(at(index)), to: times.full(at(index + 1)), ...bucket });
          return (
            <Tooltip key={index} text={label}>
              <button
                type="button"
                aria-label={label}
                tabIndex={index === Math.min(active, list.length - 1) ? 0 : -1}
                onKeyDown={(event) => onKey(event, index)}
                onPointerDown={() => setDrag({ from: index, to: index })}
                onPointerEnter={() => setDrag((current) => (current ? { ...current, to: index } : null))}
                onPointerUp={finish}
                onClick={(event) => {
                  // A click without a pointer comes from the keyboard.
                  if (event.detail !== 0) return;
                  if (drag) finish();
                  else select(index, index);
                }}
                className={cn("min-w-0 flex-1 touch-none px-px hover:bg-sunken", isIn && "bg-accent-soft")}
              >
                <Bar bucket={bucket} top={top} />
              </button>
            </Tooltip>
          );
        })}
      </div>
      <div className="mt-1 grid grid-cols-2 gap-x-4 gap-y-0.5 border-t border-line pt-1 text-meta text-ink-3 @3xl:grid-cols-[auto_1fr_auto]">
        <span className="min-h-4 whitespace-nowrap" suppressHydrationWarning>
          {data ? times.full(data.from) : null}
        </span>
        <span className="flex flex-wrap gap-x-3 @3xl:mx-auto @max-3xl:order-first @max-3xl:col-span-2">
          {outcomes.map(({ name, dot }) => (
            <span key={name} className="inline-flex items-center gap-1.5">
              <span aria-hidden className={cn("size-2 rounded-[2px]", dot)} />
              {t(`outcomes.${name}`)}
              <span className="text-ink-2">{format.number(list.reduce((sum, bucket) => sum + bucket[name], 0))}</span>
            </span>
          ))}
        </span>
        <span className="text-right whitespace-nowrap" suppressHydrationWarning>
          {data ? times.full(at(list.length)) : null}
        </span>
      </div>
    </section>
  );
}

function Bar({ bucket, top }: { bucket: Record<(typeof outcomes)[number]["name"], number>; top: number }) {
  const parts = outcomes.map(({ name, fill }, index) => ({
    name,
    fill,
    below: outcomes.slice(0, index).reduce((sum, each) => sum + bucket[each.name], 0),
    value: bucket[name],
  }));
  return (
    <svg aria-hidden viewBox="0 0 10 100" preserveAspectRatio="none" className="block h-full w-full">
      {parts.map(({ name, fill, below, value }) =>
        value === 0 ? null : (
          <rect
            key={name}
            x="0"
            width="10"
            y={100 - ((below + value) / top) * 98}
            height={Math.max(2, (value / top) * 98)}
            className={fill}
          />
        ),
      )}
    </svg>
  );
}
