"use client";

import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { cn } from "@/lib/format/cn.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { visible } from "@/lib/format/visible.ts";
import type { Overview } from "@/lib/contracts/server.ts";

type Item = Overview["attention"][number];

const marks = {
  error: { icon: CircleAlert, tone: "text-err" },
  warning: { icon: TriangleAlert, tone: "text-warn" },
  info: { icon: Info, tone: "text-accent" },
};

const edit = (subject: string) => `/forward/targets?edit=${encodeURIComponent(subject)}`;

const actions: Partial<
  Record<
    Item["code"],
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

export function Attention({ items }: { items: Item[] }) {
  const t = useTranslations("overview");
  if (items.length === 0) {
    return (
      <p className="flex items-center gap-2 rounded-panel border border-line bg-surface px-4 py-3 text-ink-2">
        <CircleCheck aria-hidden className="size-4 text-ok" />
        {t("quiet")}
      </p>
    );
  }
  return (
    <Panel title={t("attention")} flush>
      <ul className="divide-y divide-line">
        {items.map((item) => (
          <Row key={`${item.code} ${item.subject}`} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

function Row({ item }: { item: Item }) {
  const t = useTranslations("overview");
  const times = useTimes();
  const { icon: Icon, tone } = marks[item.severity];
  const action = actions[item.code];
  return (
    <li className="flex min-h-11 items-center gap-3 px-4 py-2">
      <Icon aria-hidden className={cn("size-4 shrink-0", tone)} />
      <p className="min-w-0 flex-1 wrap-anywhere">
        {t(`issues.${item.code}`, {
          subject: visible(item.subject),
          value: visible(item.value),
          count: Number.parseInt(item.value, 10) || 0,
        })}
        {item.since ? (
          <span className="ml-2 text-meta whitespace-nowrap text-ink-3">
            {t("since", { time: times.relative(item.since) })}
          </span>
        ) : null}
      </p>
      {action ? (
        <Button asChild size="sm">
          <Link href={action.href(item.subject)}>{t(`act.${action.text}`)}</Link>
        </Button>
      ) : null}
    </li>
  );
}
