"use client";

import { useTranslations } from "use-intl";
import type { ForwardTarget } from "@/lib/contracts/forward-target.ts";

/** What tells a target from others of its kind, on one line. */
export function useTargetSummary(): (target: ForwardTarget) => string {
  const t = useTranslations("targets");
  return (target) => {
    switch (target.kind) {
      case "webhook":
        return target.url;
      case "apns":
        return `${t("kinds.apns")} · ${target.topic} · ${t(`apns.environments.${target.environment}`)}`;
      case "fcm":
        return `${t("kinds.fcm")} · ${t(`fcm.modes.${target.mode}`)}`;
      case "webpush":
        return `${t("kinds.webpush")} · ${target.contact}`;
      default:
        return `${t("kinds.xep0357")} · ${target.domains.join(", ") || t("xep0357.anyDomain")}`;
    }
  };
}
