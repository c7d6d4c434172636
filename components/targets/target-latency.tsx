"use client";

import { useFormatter, useTranslations } from "use-intl";
import { Sparkline } from "@/components/ui/sparkline.tsx";
import type { TargetHealth } from "@/lib/contracts/forward.ts";

interface Props {
  target: TargetHealth;
  /** Over the last day, oldest first. */
  latency: readonly (number | null)[];
}

/** How long deliveries take, and how that went in the last day. */
export function TargetLatency({ target: { name, p95Ms }, latency }: Props) {
  const t = useTranslations("targets");
  const format = useFormatter();
  if (p95Ms === null) return <span className="text-ink-3">—</span>;
  const measured = latency.flatMap((value) => value ?? []);
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      {measured.length > 1 ? (
        <Sparkline
          values={measured}
          slots={latency.length}
          label={t("latencyOf", { name })}
          className="h-4 w-16 max-lg:hidden"
        />
      ) : null}
      {format.number(Math.round(p95Ms))} ms
    </span>
  );
}
