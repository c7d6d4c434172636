"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ReviewDialog } from "@/components/kit/review-dialog.tsx";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import type { Revision } from "@/lib/contracts/policy.ts";
import { commandLine } from "@/lib/format/shell.ts";
import type { ModuleDraft } from "./use-module-draft.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  name: string;
  host: string | null;
  draft: ModuleDraft;
  newest: Revision;
}

/** The draft of a module's setting, reviewed and applied as one revision. */
export function ModuleReview({ open, onOpenChange, name, host, draft, newest }: Props) {
  const t = useTranslations();
  const set = useMutation(api.modules.set.mutationOptions({ meta: { inline: true } }));
  const rollback = useMutation(api.policy.rollback.mutationOptions());
  const { draft: own, allIssues, changes } = draft;
  const setting = own?.setting ?? null;
  const scope = host === null ? {} : { host };
  return (
    <ReviewDialog
      open={open && own !== null}
      onOpenChange={onOpenChange}
      issues={allIssues}
      changes={changes}
      overtakenBy={own !== null && newest.id !== own.base ? newest : null}
      onApply={async (comment) => {
        const before = newest.id;
        const { revision } = await set.mutateAsync({ name, ...scope, setting, comment, baseRevision: before });
        draft.discard();
        toast.success(t("modules.applied", { id: revision.id }), {
          duration: 10_000,
          action: { label: t("common.undo"), onClick: () => rollback.mutate({ id: before }) },
        });
      }}
      equivalent={(comment) => (
        <Equivalent
          command={commandLine(
            ...["nightpost", "module", "set", name],
            ...(host === null ? [] : ["--host", host]),
            ...(setting === null
              ? ["--inherit"]
              : [setting.enabled ? "--on" : "--off", "--options", JSON.stringify(setting.options)]),
            ...(comment === "" ? [] : ["--comment", comment]),
          )}
          method="PUT"
          path={`/modules/${name}`}
          body={{ ...scope, setting, comment }}
        />
      )}
    />
  );
}
