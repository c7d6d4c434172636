"use client";

import { useLocale, useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { Overview } from "@/lib/contracts/server.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { endpointText } from "@/lib/format/endpoint-text.ts";
import { useNow } from "@/lib/format/now.ts";
import { formatDuration } from "@/lib/format/time.ts";

export function ServerPanel({ overview }: { overview: Overview }) {
  const t = useTranslations("overview");
  const locale = useLocale();
  const now = useNow();
  const facts = [
    [t("version"), overview.version],
    [t("uptime"), formatDuration(now - Date.parse(overview.startedAt), locale)],
    [t("memory"), formatBytes(overview.memoryBytes, locale)],
    [t("storage"), formatBytes(overview.storageBytes, locale)],
  ];
  return (
    <Panel title={t("server")} flush>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 p-4">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-meta text-ink-3">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3 className="border-t border-line px-4 pt-3 pb-1 text-meta text-ink-3">{t("listeners")}</h3>
      <ul className="px-4 pb-3">
        {overview.listeners.map((listener) => (
          <li key={`${listener.name} ${listener.port}`} className="flex min-h-7 flex-wrap items-center gap-x-3">
            <span className="w-20 font-medium">{listener.name}</span>
            <span className="font-mono text-meta text-ink-2">{endpointText(listener.address, listener.port)}</span>
            <span className="ml-auto text-meta text-ink-3">{t(`listenerTls.${listener.tls}`)}</span>
            {listener.error ? <Badge tone="err">{listener.error}</Badge> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
