"use client";

import { useTranslations } from "use-intl";
import type { AttentionItem } from "@/lib/contracts/server.ts";
import { useNow } from "@/lib/format/now.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { visible } from "@/lib/format/visible.ts";

const edit = (subject: string) => `/forward/targets?edit=${encodeURIComponent(subject)}`;

/** Where somebody does something about it, and the word for that. */
export const attentionActions: Partial<
  Record<
    AttentionItem["code"],
    {
      href: (subject: string) => string;
      text:
        | "target"
        | "dead"
        | "devices"
        | "addTarget"
        | "registration"
        | "certificates"
        | "backups"
        | "metrics"
        | "reports";
    }
  >
> = {
  "target-failing": { href: (subject) => `/forward?target=${encodeURIComponent(subject)}`, text: "target" },
  "target-misconfigured": { href: edit, text: "target" },
  "target-gone": { href: edit, text: "target" },
  "target-blocked": { href: edit, text: "target" },
  "target-overflow": { href: (subject) => `/forward/dead?target=${encodeURIComponent(subject)}`, text: "dead" },
  "target-pruning": {
    href: (subject) => `/devices?state=disabled&target=${encodeURIComponent(subject)}`,
    text: "devices",
  },
  "target-paused": { href: () => "/forward/targets", text: "target" },
  "target-stalled": { href: (subject) => `/forward?target=${encodeURIComponent(subject)}`, text: "target" },
  "dead-letters": { href: (subject) => `/forward/dead?target=${encodeURIComponent(subject)}`, text: "dead" },
  "certificate-expiring": { href: () => "/certificates", text: "certificates" },
  "self-signed": { href: () => "/certificates", text: "certificates" },
  "order-failed": { href: () => "/certificates", text: "certificates" },
  "backup-overdue": { href: () => "/backups", text: "backups" },
  "backup-failed": { href: () => "/backups", text: "backups" },
  "loop-lag": { href: () => "/metrics?range=1h", text: "metrics" },
  "applications-waiting": { href: () => "/registration", text: "registration" },
  "reports-open": { href: () => "/reports", text: "reports" },
  "no-target": { href: () => "/forward/targets?create=1", text: "addTarget" },
  "open-registration": { href: (subject) => `/registration?host=${encodeURIComponent(subject)}`, text: "registration" },
};

/** What wants attention, in a sentence. */
export function useAttentionText(): (item: AttentionItem) => string {
  const t = useTranslations("overview");
  const times = useTimes();
  const now = useNow();
  const textOf = ({ code, subject, value }: AttentionItem): string => {
    const words = { subject: visible(subject), value: visible(value), count: Number.parseInt(value, 10) || 0 };
    if (code !== "certificate-expiring") return t(`issues.${code}`, words);
    const isOver = Date.parse(value) < now;
    return t(`issues.${isOver ? "certificate-ended" : code}`, { ...words, value: times.relative(value) });
  };
  return (item) => {
    const issue = textOf(item);
    return item.more === 0 ? issue : t("withMore", { issue, count: item.more });
  };
}
