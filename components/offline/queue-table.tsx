"use client";

import { useRouter } from "next/navigation";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { OfflineQueue } from "@/lib/contracts/offline.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { cn } from "@/lib/format/cn.ts";

export const queueHref = (jid: string) => `/offline/queue?jid=${encodeURIComponent(jid)}`;

export function QueueTable({ queues }: { queues: OfflineQueue[] }) {
  const t = useTranslations("offline");
  const format = useFormatter();
  const locale = useLocale();
  const router = useRouter();
  return (
    <DataTable
      name="offline"
      label={t("title")}
      rows={queues}
      rowKey={(queue) => queue.jid}
      onOpen={(queue) => router.push(queueHref(queue.jid))}
      columns={[
        {
          id: "account",
          header: t("columns.account"),
          render: (queue) => (
            <span className="inline-flex flex-wrap items-center gap-2">
              <Link href={queueHref(queue.jid)} className="underline-offset-2 hover:underline">
                <JidText jid={queue.jid} />
              </Link>
              {queue.online > 0 ? <Badge tone="ok">{t("online")}</Badge> : null}
            </span>
          ),
        },
        {
          id: "messages",
          header: t("columns.messages"),
          isNumber: true,
          render: (queue) => format.number(queue.messages),
        },
        {
          id: "bytes",
          header: t("columns.bytes"),
          isNumber: true,
          render: (queue) => formatBytes(queue.bytes, locale),
        },
        { id: "oldest", header: t("columns.oldest"), render: (queue) => <TimeText at={queue.oldestAt} /> },
        { id: "newest", header: t("columns.newest"), render: (queue) => <TimeText at={queue.newestAt} /> },
        { id: "fill", header: t("columns.fill"), render: (queue) => <Fill fill={queue.fill} /> },
        {
          id: "forwards",
          header: t("columns.forwards"),
          isNumber: true,
          render: (queue) =>
            queue.pendingForwards === 0 ? (
              <span className="text-ink-3">0</span>
            ) : (
              <Link
                href={`/forward?user=${encodeURIComponent(queue.jid)}`}
                className="text-accent underline-offset-2 hover:underline"
              >
                {format.number(queue.pendingForwards)}
              </Link>
            ),
        },
      ]}
    />
  );
}

const nearly = 0.8;

/** How much of the quota is used. */
function Fill({ fill }: { fill: number | null }) {
  const t = useTranslations("offline");
  const format = useFormatter();
  if (fill === null) return <span className="text-ink-3">—</span>;
  const share = Math.min(1, fill);
  const tone = share >= 1 ? "bg-err" : share >= nearly ? "bg-warn" : "bg-accent";
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden className="h-1.5 w-16 overflow-hidden rounded-full bg-sunken">
        <span className={cn("block h-full", tone)} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={cn(share >= 1 && "font-medium text-err", share >= nearly && share < 1 && "text-warn")}>
        {share >= 1
          ? t("full")
          : format.number(share, { style: "percent", maximumFractionDigits: share < 0.1 ? 1 : 0 })}
      </span>
    </span>
  );
}
