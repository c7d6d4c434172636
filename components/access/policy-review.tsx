"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ReviewDialog } from "@/components/kit/review-dialog.tsx";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { ImpactView } from "./impact-view.tsx";
import { TestList } from "./test-list.tsx";
import type { DraftState } from "./use-draft.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  draft: DraftState;
}

/** The draft of the whole policy, reviewed and applied. */
export function PolicyReview({ open, onOpenChange, draft }: Props) {
  const t = useTranslations();
  const apply = useMutation(api.policy.apply.mutationOptions({ meta: { inline: true } }));
  const rollback = useMutation(api.policy.rollback.mutationOptions());
  const { draft: own, issues, changes, live } = draft;
  const newest = live.data?.revision;

  return (
    <ReviewDialog
      open={open && own !== null}
      onOpenChange={onOpenChange}
      issues={issues}
      changes={changes}
      overtakenBy={own !== null && newest !== undefined && newest.id !== own.base ? newest : null}
      onApply={async (comment) => {
        if (!own) return;
        const before = newest?.id ?? own.base;
        const { revision } = await apply.mutateAsync({
          policy: (await import("./policy-text.ts")).withText(own.policy),
          baseRevision: before,
          comment,
          force: false,
        });
        draft.discard();
        toast.success(t("access.applied", { id: revision.id }), {
          duration: 10_000,
          action: { label: t("common.undo"), onClick: () => rollback.mutate({ id: before }) },
        });
      }}
      equivalent={(comment) => (
        <Equivalent
          command={commandLine("nightpost", "policy", "apply", "policy.yml")}
          method="PUT"
          path="/policy"
          body={{ policy: "…", baseRevision: own?.base, comment }}
        />
      )}
    >
      {own ? (
        <>
          <ImpactView policy={own.policy} />
          <section>
            <h3 className="mb-2 font-semibold">{t("policy.tests.title")}</h3>
            <TestList policy={own.policy} />
          </section>
        </>
      ) : null}
    </ReviewDialog>
  );
}
