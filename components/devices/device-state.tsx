"use client";

import { Check, CircleDashed, CircleSlash, type LucideIcon, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import type { Device } from "@/lib/contracts/devices.ts";

const looks = {
  active: { tone: "ok", icon: Check },
  failing: { tone: "warn", icon: TriangleAlert },
  registered: { tone: "neutral", icon: CircleDashed },
  disabled: { tone: "err", icon: CircleSlash },
} as const satisfies Record<string, { tone: Tone; icon: LucideIcon }>;

export function DeviceState({ device }: { device: Device }) {
  const t = useTranslations("devices.states");
  const state = device.state === "active" && device.failures > 0 ? "failing" : device.state;
  const { tone, icon: Icon } = looks[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3" />
      {t(state)}
    </Badge>
  );
}
