"use client";

import { useFormatter, useTranslations } from "use-intl";
import type { ForwardAttempt } from "@/lib/contracts/forward-event.ts";
import { cn } from "@/lib/format/cn.ts";

const fills = {
  queue: "bg-ink-3/40",
  dns: "bg-warn/70",
  connect: "bg-violet/45",
  tls: "bg-violet/75",
  firstByte: "bg-accent/60",
  unanswered: "bg-err/50",
  rest: "bg-accent",
};

/** Where the time of an attempt went, phase after phase on one line. */
export function TimingBar({ timing }: { timing: ForwardAttempt["timing"] }) {
  const t = useTranslations("forward");
  const format = useFormatter();
  const { queueMs, dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = timing;
  const before = (dnsMs ?? 0) + (connectMs ?? 0) + (tlsMs ?? 0);
  const phases = [
    { name: "queue", ms: queueMs },
    { name: "dns", ms: dnsMs },
    { name: "connect", ms: connectMs },
    { name: "tls", ms: tlsMs },
    // Counted from the start of the attempt: what came before it is taken off.
    { name: "firstByte", ms: firstByteMs === null ? null : Math.max(0, firstByteMs - before) },
    { name: "unanswered", ms: firstByteMs === null && totalMs > before ? totalMs - before : null },
    { name: "rest", ms: firstByteMs === null ? null : Math.max(0, totalMs - firstByteMs) },
  ] as const;
  const known = phases.flatMap((phase) => (phase.ms === null ? [] : [{ name: phase.name, ms: phase.ms }]));
  const sum = Math.max(
    0.1,
    known.reduce((total, phase) => total + phase.ms, 0),
  );
  return (
    <div>
      <div aria-hidden className="flex h-2 overflow-hidden rounded-[2px] bg-sunken">
        {known.map(({ name, ms }) => (
          <span key={name} className={fills[name]} style={{ width: `${(ms / sum) * 100}%` }} />
        ))}
      </div>
      <dl aria-label={t("timing")} className="mt-1 flex flex-wrap gap-x-4 text-meta">
        {known.map(({ name, ms }) => (
          <div key={name} className="flex items-center gap-1.5">
            <span aria-hidden className={cn("size-2 rounded-[2px]", fills[name])} />
            <dt className="text-ink-3">{t(`phases.${name}`)}</dt>
            <dd className="font-mono">{format.number(ms, { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
