"use client";

import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { api } from "@/lib/api/client.ts";

const steps = ["made", "opened", "registered", "loggedIn"] as const;

/** From the invite to somebody who is there. Nothing while no invite was made. */
export function InviteFunnel({ host }: { host: string | null }) {
  const t = useTranslations("invites");
  const format = useFormatter();
  const funnel = useQuery(api.invites.funnel.queryOptions({ input: host ? { host } : {} }));
  if (!funnel.data || funnel.data.made === 0) return null;
  const most = Math.max(...Object.values(funnel.data));
  return (
    <section aria-label={t("funnel")}>
      <ol className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        {steps.map((step) => {
          const count = funnel.data[step];
          return (
            <li key={step}>
              <p className="flex items-baseline justify-between gap-2">
                <span className="text-meta text-ink-3">{t(`funnelSteps.${step}`)}</span>
                <span className="font-medium tabular-nums">{format.number(count)}</span>
              </p>
              <svg aria-hidden viewBox="0 0 100 4" preserveAspectRatio="none" className="mt-1 h-1 w-full rounded-full">
                <rect width="100" height="4" className="fill-sunken" />
                <rect width={(100 * count) / most} height="4" className="fill-accent" />
              </svg>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
