"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "use-intl";
import { AttentionMark } from "@/components/kit/attention-mark.tsx";
import { attentionActions, useAttentionText } from "@/components/kit/attention-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { AttentionItem } from "@/lib/contracts/server.ts";
import { useTimes } from "@/lib/format/use-times.ts";

export function Attention({ items }: { items: AttentionItem[] }) {
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

function Row({ item }: { item: AttentionItem }) {
  const t = useTranslations("overview");
  const times = useTimes();
  const text = useAttentionText();
  const action = attentionActions[item.code];
  return (
    <li className="flex min-h-11 items-center gap-3 px-4 py-2">
      <AttentionMark severity={item.severity} />
      <p className="min-w-0 flex-1 wrap-anywhere">
        {text(item)}
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
