"use client";

import { useFormatter, useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { ImportReport } from "@/lib/contracts/portability.ts";
import { visible } from "@/lib/format/visible.ts";
import type { SourceFault } from "./import-source.ts";

interface Props {
  report: ImportReport;
  faults: readonly SourceFault[];
  isRunning: boolean;
}

const items = [
  "contacts",
  "requests",
  "offlineMessages",
  "archivedMessages",
  "vcards",
  "privateXml",
  "blocked",
  "nodeItems",
  "rooms",
] as const;
const mostShown = 100;

/** What has become of a document so far, or would. */
export function ReportPanel({ report, faults, isRunning }: Props) {
  const t = useTranslations("imports");
  const sentence = useSentence();
  const format = useFormatter();
  const { accounts, withoutPassword, unknown, problems, error, dryRun, state } = report;
  const unknowns = Object.entries(unknown);
  return (
    <Panel
      title={t(dryRun ? "wouldBe" : "done")}
      note={dryRun ? t("unchanged") : undefined}
      action={
        <Badge tone={isRunning ? "accent" : state === "failed" ? "err" : "ok"}>
          {t(isRunning ? "states.receiving" : `states.${state}`)}
        </Badge>
      }
    >
      <div role="status" className="flex flex-col gap-4">
        <Facts
          facts={(["created", "updated", "skipped", "failed"] as const).map((name) => [
            t(`accounts.${name}`),
            <span key={name} className={name === "failed" && accounts.failed > 0 ? "font-medium text-err" : undefined}>
              {format.number(accounts[name])}
            </span>,
          ])}
        />
        <Facts
          className="border-t border-line pt-4"
          facts={items.map((name) => [t(`items.${name}`), format.number(report.items[name])])}
        />
        {error === null ? null : <Banner tone="err">{sentence(error)}</Banner>}
        {withoutPassword === 0 ? null : (
          <Banner tone="warn">
            {t("withoutPassword", { count: withoutPassword, text: format.number(withoutPassword) })}
          </Banner>
        )}
        {unknowns.length === 0 ? null : (
          <p className="text-ink-2">
            {t("unknown")}
            <SentenceGap />
            <span className="font-mono text-meta wrap-anywhere">
              {visible(unknowns.map(([name, count]) => `${name} (${count})`).join(", "))}
            </span>
          </p>
        )}
        <Problems title={t("problems")} rows={problems.map(({ jid, reason }) => [jid, reason] as const)} />
        <Problems
          title={t("faults", { count: faults.length })}
          rows={faults.slice(0, mostShown).map(({ place, reason }) => [place, reason] as const)}
        />
      </div>
    </Panel>
  );
}

function Problems({ title, rows }: { title: string; rows: readonly (readonly [place: string, reason: string])[] }) {
  const sentence = useSentence();
  if (rows.length === 0) return null;
  return (
    <section>
      <h3 className="text-meta text-ink-3">{title}</h3>
      <ul className="mt-1 max-h-64 divide-y divide-line overflow-y-auto">
        {rows.map(([place, reason], index) => (
          <li key={`${place} ${index}`} className="flex flex-wrap gap-x-3 py-1">
            <bdi className="font-mono text-meta wrap-anywhere">{visible(place)}</bdi>
            <span className="min-w-0 flex-1 basis-60 text-ink-2 wrap-anywhere">{sentence(reason)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
