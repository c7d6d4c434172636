"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { CertificateOrder } from "@/lib/contracts/certificates.ts";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";

const tones: Record<CertificateOrder["state"], Tone> = { running: "accent", done: "ok", failed: "err" };
const dots: Record<CertificateOrder["state"], string> = { running: "bg-accent", done: "bg-ok", failed: "bg-err" };

/** What the authority was asked for, step by step. */
export function OrdersPanel() {
  const t = useTranslations("certificates");
  const orders = useQuery(api.certificates.orders.queryOptions());
  if (orders.data?.items.length === 0) return null;
  return (
    <Panel title={t("orders")} flush>
      <QueryView query={orders} skeleton={<TableSkeleton rows={2} columns={3} />}>
        {({ items }) => (
          <ul className="divide-y divide-line">
            {items.map((order, index) => (
              <li key={order.id}>
                <details open={index === 0} className="group">
                  <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 -outline-offset-2 hover:bg-canvas [&::-webkit-details-marker]:hidden">
                    <Badge tone={tones[order.state]}>{t(`orderStates.${order.state}`)}</Badge>
                    <bdi className="min-w-0 flex-1 basis-60 truncate font-medium">
                      {visible(order.names.join(", "))}
                    </bdi>
                    <span className="text-meta text-ink-3">
                      <TimeText at={order.createdAt} />
                    </span>
                  </summary>
                  <Steps order={order} />
                </details>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}

function Steps({ order }: { order: CertificateOrder }) {
  const t = useTranslations("certificates");
  const sentence = useSentence();
  return (
    <ol className="ml-6 flex flex-col border-l border-line pt-1 pb-3">
      {order.steps.map(({ at, step, name, detail }, index) => {
        const isLast = index === order.steps.length - 1;
        return (
          <li
            key={`${at} ${index}`}
            className="relative flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-1 pr-4 pl-4"
          >
            <span
              aria-hidden
              className={cn(
                "absolute top-[11px] -left-[4px] size-[7px] rounded-full",
                isLast ? dots[order.state] : "bg-line-strong",
              )}
            />
            <span className="font-mono text-meta text-ink-3">
              <TimeText at={at} as="clock" />
            </span>
            <span className={step === "failed" ? "font-medium text-err" : "font-medium"}>{t(`steps.${step}`)}</span>
            <bdi className="text-ink-2">{visible(name)}</bdi>
            <bdi className="min-w-0 flex-1 basis-60 font-mono text-meta wrap-anywhere text-ink-3">
              {sentence(detail)}
            </bdi>
          </li>
        );
      })}
    </ol>
  );
}
