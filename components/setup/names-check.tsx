"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { FindingRow } from "@/components/doctor/finding-row.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { api } from "@/lib/api/client.ts";
import { dnsRecords } from "./dns-records.ts";

const againMs = 15_000;

/** What the DNS says of the host now and every few seconds, and the records to add. Nothing of it keeps the step from being left. */
export function NamesCheck({ token, host }: { token: string; host: string }) {
  const t = useTranslations("setup.names");
  const names = useQuery(
    api.setup.names.queryOptions({ input: { token, host }, retry: false, refetchInterval: againMs }),
  );
  return (
    <section aria-label={t("title")} className="flex flex-col gap-2">
      <h2 className="font-medium">{t("title")}</h2>
      <p className="text-meta text-ink-3">{t(host.includes(".") ? "text" : "local")}</p>
      <QueryView query={names} skeleton={<TableSkeleton rows={4} columns={1} />}>
        {({ findings }) => (
          <>
            <ul className="divide-y divide-line rounded-control border border-line">
              {findings.map((finding) => (
                <FindingRow key={`${finding.code} ${finding.evidence}`} finding={finding} hasSubject={false} />
              ))}
            </ul>
            <Records text={dnsRecords(findings).join("\n")} />
          </>
        )}
      </QueryView>
    </section>
  );
}

function Records({ text }: { text: string }) {
  const t = useTranslations("setup.names");
  if (text === "") return null;
  return (
    <div>
      <div className="flex items-center justify-between text-meta text-ink-3">
        {t("records")}
        <CopyButton text={text} />
      </div>
      <pre tabIndex={0} className="overflow-x-auto rounded-badge bg-sunken px-2.5 py-2 font-mono text-meta text-ink-2">
        {text}
      </pre>
    </div>
  );
}
