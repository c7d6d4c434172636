"use client";

import { Check, CirclePause, ListEnd, type LucideIcon, OctagonX, RotateCw, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { useTimes } from "@/lib/format/use-times.ts";

/** Half of the last day's attempts failing is "degraded" even while the breaker is closed. */
const degradedShare = 0.5;

type State = "gone" | "paused" | "fault" | "draining" | "open" | "halfOpen" | "degraded" | "active";

const looks: Record<State, { tone: Tone; icon: LucideIcon }> = {
  gone: { tone: "err", icon: OctagonX },
  paused: { tone: "neutral", icon: CirclePause },
  fault: { tone: "err", icon: OctagonX },
  draining: { tone: "warn", icon: ListEnd },
  open: { tone: "err", icon: OctagonX },
  halfOpen: { tone: "warn", icon: RotateCw },
  degraded: { tone: "warn", icon: TriangleAlert },
  active: { tone: "ok", icon: Check },
};

function stateOf({ target, fault, goneSince, breaker, delivered24h, failed24h }: TargetHealth): State {
  if (goneSince !== null) return "gone";
  if (target.paused) return "paused";
  if (fault !== null) return "fault";
  if (breaker === "open") return "open";
  if (breaker === "half-open") return "halfOpen";
  if (target.draining) return "draining";
  const all = delivered24h + failed24h;
  return all > 0 && failed24h / all >= degradedShare ? "degraded" : "active";
}

export function TargetState({ target }: { target: TargetHealth }) {
  const t = useTranslations("targets.health");
  const times = useTimes();
  const state = stateOf(target);
  const { tone, icon: Icon } = looks[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3" />
      {t(state, { time: target.breakerUntil ? times.clock(target.breakerUntil).slice(0, 8) : "…" })}
    </Badge>
  );
}
