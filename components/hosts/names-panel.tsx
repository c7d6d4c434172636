"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { FindingRow } from "@/components/doctor/finding-row.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";

/** What the DNS says of the host now, and what to do about it. */
export function NamesPanel({ host }: { host: string }) {
  const t = useTranslations("hosts");
  const names = useQuery(api.hosts.names.queryOptions({ input: { host }, staleTime: 60_000, retry: false }));
  return (
    <Panel
      title={t("names")}
      flush
      action={
        <Button size="sm" disabled={names.isFetching} onClick={() => void names.refetch()}>
          {t("askAgain")}
        </Button>
      }
    >
      {names.isPending ? (
        // An answer may take seconds: words say what it is that takes so long.
        <p role="status" className="px-4 py-4 text-ink-2">
          {t("asking")}
        </p>
      ) : (
        <QueryView query={names} skeleton={null}>
          {({ findings }) => (
            <ul className="divide-y divide-line">
              {findings.map((finding, index) => (
                <FindingRow key={`${finding.code} ${index}`} finding={finding} hasSubject={false} />
              ))}
            </ul>
          )}
        </QueryView>
      )}
    </Panel>
  );
}
