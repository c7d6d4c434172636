"use client";

import { Check, CirclePause, OctagonX, RotateCw, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge.tsx";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { useTimes } from "@/lib/format/use-times.ts";

/** Half of the last day's attempts failing is "degraded" even while the breaker is closed. */
const degradedShare = 0.5;

export function TargetState({ target }: { target: TargetHealth }) {
  const t = useTranslations("targets.health");
  const times = useTimes();
  if (target.target.paused) {
    return (
      <Badge tone="neutral">
        <CirclePause aria-hidden className="size-3" />
        {t("paused")}
      </Badge>
    );
  }
  if (target.breaker === "open") {
    return (
      <Badge tone="err">
        <OctagonX aria-hidden className="size-3" />
        {t("open", { time: target.breakerUntil ? times.clock(target.breakerUntil).slice(0, 8) : "…" })}
      </Badge>
    );
  }
  if (target.breaker === "half-open") {
    return (
      <Badge tone="warn">
        <RotateCw aria-hidden className="size-3" />
        {t("halfOpen")}
      </Badge>
    );
  }
  const all = target.delivered24h + target.failed24h;
  if (all > 0 && target.failed24h / all >= degradedShare) {
    return (
      <Badge tone="warn">
        <TriangleAlert aria-hidden className="size-3" />
        {t("degraded")}
      </Badge>
    );
  }
  return (
    <Badge tone="ok">
      <Check aria-hidden className="size-3" />
      {t("active")}
    </Badge>
  );
}
