"use client";

import dynamic from "next/dynamic";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { IssueList } from "@/components/kit/issue-list.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PartSkeleton } from "@/components/kit/part-skeleton.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useShortcut } from "@/components/kit/use-keys.ts";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { issuesElsewhere } from "./issue-place.ts";
import { PolicyDraft } from "./policy-draft.tsx";
import { RulesTab } from "./rules-tab.tsx";
import { useDraft } from "./use-draft.ts";
import { useRawText } from "./use-raw-text.ts";

const HistoryTab = dynamic(() => import("./history-tab.tsx").then((part) => part.HistoryTab), {
  ssr: false,
  loading: PartSkeleton,
});

const WhyTab = dynamic(() => import("./why-tab.tsx").then((part) => part.WhyTab), {
  ssr: false,
  loading: PartSkeleton,
});

/** The YAML parser comes only when somebody edits text. */
const RawTab = dynamic(() => import("./raw-tab.tsx").then((module) => module.RawTab), {
  ssr: false,
  loading: PartSkeleton,
});

const tabs = ["rules", "raw", "why", "history"] as const;

export function AccessPage() {
  const t = useTranslations("access");
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabs).withDefault("rules").withOptions({ history: "push" }),
  );
  const draft = useDraft();
  const [raw] = useRawText();
  const isBlocked = raw !== null && raw.error !== null;
  useLeaveGuard(draft.draft !== null || isBlocked);
  useShortcut("e", () => void setTab(tab === "raw" ? "rules" : "raw"));

  return (
    <Page title={t("title")} isDirty={draft.draft !== null}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={draft.live.data ? <Badge>{t("revision", { id: draft.live.data.revision.id })}</Badge> : null}
      />
      <Tabs
        label={t("title")}
        value={tab}
        onChange={(next) => void setTab(next)}
        tabs={tabs.map((value) => ({ value, label: t(`tabs.${value}`) }))}
      >
        {(["rules", "raw"] as const).map((name) => (
          <TabPanel key={name} value={name}>
            <QueryView query={draft.live} skeleton={<TableSkeleton rows={10} columns={3} />}>
              {(live) => (
                <div className="flex flex-col gap-5">
                  <IssueList
                    issues={
                      name === "rules" ? issuesElsewhere(draft.issues, draft.policy ?? live.policy) : draft.issues
                    }
                  />
                  {name === "raw" ? (
                    <RawTab draft={draft} />
                  ) : isBlocked ? (
                    <Banner
                      tone="err"
                      action={
                        <Button size="sm" onClick={() => void setTab("raw")}>
                          {t("rawOpen")}
                        </Button>
                      }
                    >
                      {t("rulesBlocked")}
                    </Banner>
                  ) : (
                    <RulesTab draft={draft} />
                  )}
                </div>
              )}
            </QueryView>
          </TabPanel>
        ))}
        <TabPanel value="why">
          <WhyTab draft={draft} />
        </TabPanel>
        <TabPanel value="history">
          <HistoryTab />
        </TabPanel>
      </Tabs>
      <PolicyDraft draft={draft} call="policy.apply" />
    </Page>
  );
}
