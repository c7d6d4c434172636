"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DraftBar } from "@/components/kit/draft-bar.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { api } from "@/lib/api/client.ts";
import { RuleList } from "./rule-list.tsx";
import { RulesReview } from "./rules-review.tsx";
import { Simulator } from "./simulator.tsx";
import type { RulesDraft } from "./use-rules-draft.ts";

/** The rules, what they would do with a message, and the way from a draft to what holds. */
export function RulesEditor({ draft }: { draft: RulesDraft }) {
  const hosts = useHosts();
  const targets = useQuery(api.forward.targets.queryOptions());
  const [isReviewing, setReviewing] = useState(false);
  const parts = {
    hosts,
    targets: targets.data?.items.map((target) => target.name) ?? [],
    acls: Object.keys(draft.policy?.acl ?? {}),
  };
  const isReadable = !draft.isUnreadable;

  return (
    <>
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
    </>
  );
}
