"use client";

import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";

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
    </Panel>
  );
}

const noChange = () => () => undefined;
const readOrigin = () => location.origin;
