"use client";

import { AppWindow, Flame, type LucideIcon, RadioTower, Smartphone, Webhook } from "lucide-react";
import { useTranslations } from "use-intl";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";

export const targetKinds = ["webhook", "apns", "fcm", "webpush", "xep0357"] as const satisfies TargetKind[];

const icons: Record<TargetKind, LucideIcon> = {
  webhook: Webhook,
  apns: Smartphone,
  fcm: Flame,
  webpush: AppWindow,
  xep0357: RadioTower,
};

export function TargetKindIcon({ kind, className }: { kind: TargetKind; className?: string }) {
  const Icon = icons[kind];
  return <Icon aria-hidden className={className ?? "size-3.5 shrink-0 text-ink-3"} />;
}

/** Which way of sending it is: icon and name. */
export function TargetKindText({ kind }: { kind: TargetKind }) {
  const t = useTranslations("targets.kinds");
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <TargetKindIcon kind={kind} />
      {t(kind)}
    </span>
  );
}
