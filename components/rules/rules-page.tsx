"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { useRulesDraft } from "./use-rules-draft.ts";

/** Menus behind every word of a sentence weigh more than the rest of the page, which need not wait for them. */
const RulesEditor = dynamic(() => import("./rules-editor.tsx").then((part) => part.RulesEditor), {
  ssr: false,
  loading: () => <TableSkeleton rows={4} columns={4} />,
});

/** Which messages go where, as sentences, and what would happen to a message. */
export function RulesPage() {
  const t = useTranslations();
  const draft = useRulesDraft();
  useLeaveGuard(draft.draft !== null);

  return (
    <Page title={t("rules.pageTitle")} isDirty={draft.draft !== null}>
      <PageHeader
        title={t("rules.pageTitle")}
        lead={t("rules.lead")}
        actions={draft.live.data ? <Badge>{t("access.revision", { id: draft.live.data.revision.id })}</Badge> : null}
      />
      <RulesEditor draft={draft} />
    </Page>
  );
}
