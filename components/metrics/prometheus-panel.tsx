"use client";

import { ChevronRight } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { chartQueries } from "@/lib/contracts/charts.ts";

/** How a Prometheus server gets the same figures, and more. */
export function PrometheusPanel() {
  const t = useTranslations("metrics");
  const origin = useSyncExternalStore(noChange, readOrigin, () => "");
  const command = `curl -H 'Authorization: Bearer np_…' ${origin}/metrics`;
  return (
    <Panel
      title="Prometheus"
      action={
        <Link href="/settings" className="text-meta text-accent underline-offset-2 hover:underline">
          {t("makeKey")}
        </Link>
      }
    >
      <p className="max-w-[72ch] text-ink-2">{t("prometheus")}</p>
      <div className="mt-3 flex items-center gap-2 rounded-badge bg-sunken py-1 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 font-mono text-meta wrap-anywhere text-ink-2">{command}</code>
        <CopyButton text={command} />
      </div>
      <details className="group mt-3">
        <summary className="flex min-h-6 w-fit list-none items-center gap-1.5 text-ink-2 hover:text-ink [&::-webkit-details-marker]:hidden">
          <ChevronRight aria-hidden className="size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
          {t("queries")}
        </summary>
        <dl className="mt-1 divide-y divide-line">
          {chartQueries.map(([chart, query]) => (
            <div key={chart} className="flex flex-wrap items-center gap-x-3 py-1">
              <dt className="w-48 text-ink-2">{t(`charts.${chart}`)}</dt>
              <dd className="flex min-w-0 flex-1 basis-60 items-center gap-2">
                <code className="min-w-0 flex-1 font-mono text-meta wrap-anywhere">{query}</code>
                <CopyButton text={query} label={t("copyQuery", { chart: t(`charts.${chart}`) })} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </Panel>
  );
}

const noChange = () => () => undefined;
const readOrigin = () => location.origin;
