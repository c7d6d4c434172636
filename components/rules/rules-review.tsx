"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ReviewDialog } from "@/components/kit/review-dialog.tsx";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import type { RulesDraft } from "./use-rules-draft.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  draft: RulesDraft;
}

/** The draft of the rules, reviewed and saved as one revision. */
export function RulesReview({ open, onOpenChange, draft }: Props) {
  const t = useTranslations();
  const save = useMutation(api.forward.setRules.mutationOptions({ meta: { inline: true } }));
  const { draft: own, live } = draft;
  const newest = live.data?.revision;
  const before = live.data?.items ?? [];
  const rules = own?.rules.map(({ rule }) => rule) ?? [];
  return (
    <ReviewDialog
      open={open && own !== null}
      onOpenChange={onOpenChange}
      issues={draft.allIssues}
      changes={draft.changes}
      overtakenBy={own !== null && newest !== undefined && newest.id !== own.base ? newest : null}
      onApply={async (comment) => {
        const { revision } = await save.mutateAsync({ rules, comment, baseRevision: newest?.id ?? own?.base });
        draft.discard();
        toast.success(t("rules.saved", { revision: revision.id }), {
          duration: 10_000,
          action: { label: t("common.undo"), onClick: () => save.mutate({ rules: before }) },
        });
      }}
      equivalent={(comment) => (
        <Equivalent method="PUT" path="/forward/rules" body={{ rules, comment, baseRevision: own?.base }} />
      )}
    />
  );
}
