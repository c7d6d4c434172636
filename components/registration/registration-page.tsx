"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { RegistrationPolicy } from "@/lib/contracts/registration-policy.ts";
import { ApplicationsPanel } from "./applications-panel.tsx";
import { DecisionLog } from "./decision-log.tsx";
import { PassesPanel } from "./passes-panel.tsx";
import { Tester } from "./tester.tsx";
import { useSetPolicy } from "./use-set-policy.ts";

const PolicyForm = dynamic(() => import("./policy-form.tsx").then((part) => part.PolicyForm), {
  ssr: false,
  loading: () => <TableSkeleton rows={12} columns={2} />,
});

/** The host switcher chooses whose policy this is: one host's, or the default of all. */
export function RegistrationPage() {
  const t = useTranslations("registration");
  const { colon } = useJoints();
  const [host] = useHost();
  const policy = useQuery(api.registration.get.queryOptions({ input: host ? { host } : {} }));
  const [draft, setDraft] = useState<RegistrationPolicy | null>(null);
  const [isOverriding, setOverriding] = useState<string | null>(null);
  const { save } = useSetPolicy(host);
  const isInherited = host !== null && (policy.data?.inherited ?? false) && isOverriding !== host;

  return (
    <Page title={t("title")} isDirty={draft !== null}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <May call="registration.applications" host={host}>
        <ApplicationsPanel host={host} isExpected={policy.data?.policy.mode === "approval"} />
      </May>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,340px)]">
        <Panel
          title={`${t("scope")}${colon}${host ?? t("defaults")}`}
          action={
            host && policy.data && !policy.data.inherited ? (
              <Button size="sm" onClick={() => void save(null, policy.data.policy)}>
                {t("inherit")}
              </Button>
            ) : null
          }
        >
          <QueryView query={policy} skeleton={<TableSkeleton rows={12} columns={2} />}>
            {(data) =>
              isInherited ? (
                <div className="flex flex-wrap items-center gap-3">
                  <p className="text-ink-2">{t("inherited", { host })}</p>
                  <Button onClick={() => setOverriding(host)}>{t("override")}</Button>
                </div>
              ) : (
                <PolicyForm
                  key={`${host} ${data.revision.id}`}
                  host={host}
                  policy={data.policy}
                  issues={data.issues}
                  onDraft={setDraft}
                />
              )
            }
          </QueryView>
        </Panel>
        <Tester host={host} draft={draft} />
      </div>
      <PassesPanel host={host} />
      <DecisionLog host={host} />
    </Page>
  );
}
