"use client";

import {
  Check,
  CircleDashed,
  CircleSlash,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Pause,
  RotateCw,
  X,
} from "lucide-react";
import { useTranslations } from "use-intl";
import { type Tone, toneText } from "@/components/ui/badge.tsx";
import type { ForwardState } from "@/lib/contracts/forward-event.ts";
import { cn } from "@/lib/format/cn.ts";

const looks: Record<ForwardState, { icon: LucideIcon; tone: Tone }> = {
  queued: { icon: CircleDashed, tone: "neutral" },
  sending: { icon: LoaderCircle, tone: "accent" },
  retrying: { icon: RotateCw, tone: "warn" },
  held: { icon: Pause, tone: "warn" },
  delivered: { icon: Check, tone: "ok" },
  dead: { icon: X, tone: "err" },
  expired: { icon: Hourglass, tone: "err" },
  cancelled: { icon: CircleSlash, tone: "neutral" },
};

/** Where an event stands: icon, word and colour. A push is accepted, not delivered: the phone is not asked. */
export function ForwardStateText({ state, isPush = false }: { state: ForwardState; isPush?: boolean }) {
  const t = useTranslations("forward");
  const { icon: Icon, tone } = looks[state];
  return (
    <span className={cn("inline-flex align-middle items-center gap-1.5 whitespace-nowrap", toneText[tone])}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {isPush && state === "delivered" ? t("accepted") : t(`states.${state}`)}
    </span>
  );
}
