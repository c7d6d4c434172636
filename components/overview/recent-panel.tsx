"use client";

import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { AuditEntry } from "@/lib/contracts/server.ts";

export function RecentPanel({ entries }: { entries: AuditEntry[] }) {
  const t = useTranslations("overview");
  return (
    <Panel
      title={t("recent")}
      flush
      action={
        <Link href="/audit" className="text-meta text-accent underline-offset-2 hover:underline">
          {t("allChanges")}
        </Link>
      }
    >
      {entries.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">{t("recentNone")}</p>
      ) : (
        <ul className="divide-y divide-line">
          {entries.map((entry) => (
            <li key={entry.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2">
              <span className="min-w-0 flex-1 basis-60">
                <AuditSentence entry={entry} />
              </span>
              <span className="text-meta text-ink-3">
                <TimeText at={entry.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
