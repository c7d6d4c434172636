"use client";

import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { ProgressBar } from "@/components/kit/progress-bar.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import { MenuItem, MenuLabel } from "@/components/ui/menu.tsx";
import type { OwnJob } from "@/lib/contracts/jobs.ts";

const places: Readonly<Record<OwnJob["kind"], string>> = {
  users: "/users",
  sessions: "/sessions",
  rooms: "/rooms",
  offline: "/offline",
  forward: "/forward/dead",
};

/** One's own jobs, in the menu of notices. Whoever looks at them has seen which have ended. */
export function JobItems({ jobs, onSeen }: { jobs: readonly OwnJob[]; onSeen: () => void }) {
  const t = useTranslations();
  useEffect(onSeen, [onSeen]);
  return (
    <>
      <MenuLabel>{t("jobs.mine")}</MenuLabel>
      {jobs.map(({ id, kind, state, matching, done, failed, startedAt, finishedAt }) => (
        <MenuItem key={id} asChild>
          <Link href={places[kind]} className="flex max-w-100 flex-col items-stretch gap-1 py-1.5">
            <span className="flex items-center gap-3">
              <span className="min-w-0 flex-1">{t(`jobs.on.${kind}`)}</span>
              {state === "running" ? (
                <ProgressBar label={t("jobs.done")} value={done + failed} max={matching} className="w-24" />
              ) : (
                <Badge tone={state === "failed" ? "err" : failed > 0 ? "warn" : "neutral"}>
                  {t(`jobs.states.${state}`)}
                </Badge>
              )}
            </span>
            <span className="flex flex-wrap gap-x-3 text-meta text-ink-3">
              <span>{t("jobs.progress", { done, matching })}</span>
              {failed > 0 ? <span className="text-warn">{t("jobs.failed", { count: failed })}</span> : null}
              <TimeText at={finishedAt ?? startedAt} />
            </span>
          </Link>
        </MenuItem>
      ))}
    </>
  );
}
