"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DraftBar } from "@/components/kit/draft-bar.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { api } from "@/lib/api/client.ts";
import { RuleList } from "./rule-list.tsx";
import { RulesReview } from "./rules-review.tsx";
import { Simulator } from "./simulator.tsx";
import { useRulesDraft } from "./use-rules-draft.ts";

/** Which messages go where, as sentences, and what would happen to a message. */
export function RulesPage() {
  const t = useTranslations();
  const hosts = useHosts();
  const targets = useQuery(api.forward.targets.queryOptions());
  const draft = useRulesDraft();
  const [isReviewing, setReviewing] = useState(false);
  useLeaveGuard(draft.draft !== null);
  const parts = {
    hosts,
    targets: targets.data?.items.map((target) => target.name) ?? [],
    acls: Object.keys(draft.policy?.acl ?? {}),
  };
  const isReadable = draft.rules.every(({ rule }) => rule.classes.length > 0 && rule.name !== "");

  return (
    <Page title={t("rules.pageTitle")} isDirty={draft.draft !== null}>
      <PageHeader
        title={t("rules.pageTitle")}
        lead={t("rules.lead")}
        actions={draft.live.data ? <Badge>{t("access.revision", { id: draft.live.data.revision.id })}</Badge> : null}
      />
      <QueryView query={draft.live} skeleton={<TableSkeleton rows={4} columns={4} />}>
        {() => <RuleList draft={draft} {...parts} />}
      </QueryView>
      {/* It stands below a list whose height nobody knows before. */}
      {draft.live.isPending ? null : (
        <Simulator draft={draft.draft && isReadable ? draft.draft.rules.map(({ rule }) => rule) : null} hosts={hosts} />
      )}
      {draft.draft ? (
        <DraftBar
          call="forward.setRules"
          isChecking={draft.isChecking}
          changes={isReadable ? draft.changes.length : 0}
          onDiscard={draft.discard}
          onReview={() => setReviewing(true)}
        />
      ) : null}
      <RulesReview open={isReviewing} onOpenChange={setReviewing} draft={draft} />
    </Page>
  );
}
