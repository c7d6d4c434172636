"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useLive, useLiveState } from "@/lib/api/live-context.ts";
import { useTimes } from "@/lib/format/use-times.ts";

/** Says that live updates have stopped, since when the page's data stands, and when the next attempt is made. */
export function ConnectionBar() {
  const t = useTranslations();
  const live = useLive();
  const { lostAt, retryAt } = useLiveState();
  const times = useTimes();
  if (lostAt === null) return null;
  return (
    <div className="sticky top-0 z-30 flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-warn/30 bg-warn-soft px-4 py-1.5 text-meta text-ink md:px-6">
      <span>{retryAt === null ? t("shell.live.paused") : <Countdown key={retryAt} until={retryAt} />}</span>
      <span className="text-ink-2">{t("common.asOf", { time: times.full(new Date(lostAt).toISOString()) })}</span>
      <button
        type="button"
        className="min-h-6 font-medium text-accent underline-offset-2 hover:underline"
        onClick={live.reconnect}
      >
        {t("shell.live.retry")}
      </button>
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const t = useTranslations("shell.live");
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((until - now) / 1000);
  return seconds > 0 ? t("pausedIn", { seconds }) : t("paused");
}
