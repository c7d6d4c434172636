"use client";

import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Sparkline } from "@/components/ui/sparkline.tsx";
import type { Overview } from "@/lib/contracts/server.ts";
import { cn } from "@/lib/format/cn.ts";
import { useTimes } from "@/lib/format/use-times.ts";

const minutes = 60;

/** The four numbers that say whether the server is well: one panel, hairlines between. */
export function Figures({ overview }: { overview: Overview }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const times = useTimes();
  const { forward, history } = overview;
  const settled = forward.delivered24h + forward.failed24h;
  const rate = settled === 0 ? null : forward.delivered24h / settled;

  return (
    <section
      aria-label={t("lastHour")}
      className="grid overflow-hidden rounded-panel border border-line bg-line max-sm:gap-px sm:grid-cols-2 sm:gap-px lg:grid-cols-4"
    >
      <Figure href="/sessions" name={t("online")} value={format.number(overview.online)} history={history.online}>
        {t("onlineNote", { users: overview.users })}
      </Figure>
      <Figure
        href="/forward"
        name={t("messages")}
        value={format.number(overview.messagesPerSecond, {
          maximumFractionDigits: overview.messagesPerSecond < 10 ? 1 : 0,
        })}
        history={history.messages}
      >
        {t("messagesNote")}
      </Figure>
      <Figure
        href="/offline"
        name={t("offline")}
        value={format.number(overview.offlineMessages)}
        history={history.offline}
      >
        {overview.offlineOldestAt
          ? t("offlineOldest", { age: times.relative(overview.offlineOldestAt) })
          : t("offlineNone")}
      </Figure>
      <Figure href="/forward" name={t("forwards")} value={format.number(settled)} history={history.forwards}>
        {rate === null ? (
          t("forwardsNone")
        ) : (
          <span className="flex flex-wrap gap-x-2.5">
            <span>
              {t("forwardsNote", { rate: format.number(rate, { style: "percent", maximumFractionDigits: 1 }) })}
            </span>
            {forward.p95Ms === null ? null : (
              <span>{t("forwardsP95", { ms: `${format.number(Math.round(forward.p95Ms))} ms` })}</span>
            )}
            <span className={cn(forward.dead > 0 && "font-medium text-err")}>
              {t("forwardsDead", { count: forward.dead })}
            </span>
          </span>
        )}
      </Figure>
    </section>
  );
}

interface FigureProps {
  href: string;
  name: string;
  value: string;
  history: number[];
  children: ReactNode;
}

function Figure({ href, name, value, history, children }: FigureProps) {
  const t = useTranslations("overview");
  const { colon } = useJoints();
  return (
    <Link href={href} className="group flex min-h-[164px] flex-col bg-surface p-4 -outline-offset-2">
      <span className="text-base text-ink-2 underline-offset-2 group-hover:underline">{name}</span>
      <span className="mt-1 text-figure font-medium tracking-[-0.01em]">{value}</span>
      <span className="mt-0.5 min-h-4 text-meta text-ink-3">{children}</span>
      <Sparkline
        values={history}
        slots={minutes}
        label={`${name}${colon}${t("lastHour")}`}
        className="mt-auto h-9 w-full"
      />
    </Link>
  );
}
