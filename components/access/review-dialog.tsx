"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { ChangesList } from "./changes-list.tsx";
import { IssueList } from "./issue-list.tsx";
import type { DraftState } from "./use-draft.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  draft: DraftState;
}

/** What would change, what is wrong with it, and the button that makes it so. */
export function ReviewDialog({ open, onOpenChange, draft }: Props) {
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const [comment, setComment] = useState("");
  const apply = useMutation(api.policy.apply.mutationOptions({ meta: { inline: true } }));
  const rollback = useMutation(api.policy.rollback.mutationOptions());
  const { draft: own, issues, changes, live } = draft;
  const newest = live.data?.revision;
  const isOvertaken = own !== null && newest !== undefined && newest.id !== own.base;
  const isLockout = issues.some((issue) => issue.code === "locks-out-admin");
  const hasErrors = issues.some((issue) => issue.severity === "error");

  const submit = async () => {
    if (!own) return;
    const { revision } = await apply.mutateAsync({
      policy: own.policy,
      baseRevision: newest?.id ?? own.base,
      comment,
      force: false,
    });
    draft.discard();
    onOpenChange(false);
    setComment("");
    toast.success(t("access.applied", { id: revision.id }), {
      duration: 10_000,
      action: { label: t("common.undo"), onClick: () => rollback.mutate({ id: newest?.id ?? own.base }) },
    });
  };

  return (
    <Dialog
      open={open && own !== null}
      onOpenChange={onOpenChange}
      title={t("access.reviewTitle")}
      description={t("access.reviewText")}
      size="lg"
    >
      <DialogBody>
        {apply.isError ? (
          <Banner tone="err" alert>
            {problemText(apply.error)}
          </Banner>
        ) : null}
        {isLockout ? (
          <Banner tone="err">{t("access.lockout")}</Banner>
        ) : hasErrors ? (
          <Banner tone="err">{t("access.errorsFirst")}</Banner>
        ) : null}
        {isOvertaken && newest ? (
          <Banner tone="warn">{t("access.conflict", { author: newest.author, id: newest.id })}</Banner>
        ) : null}
        <IssueList issues={issues} />
        <section>
          <h3 className="mb-2 font-semibold">{t("access.changes")}</h3>
          <ChangesList changes={changes} />
        </section>
        <Field label={t("common.comment")} htmlFor={id} help={t("common.commentHint")} note={t("common.optional")}>
          <Input
            id={id}
            value={comment}
            maxLength={1000}
            aria-describedby={`${id}-help`}
            onChange={(event) => setComment(event.target.value)}
          />
        </Field>
        <Equivalent
          command={commandLine("nightpost", "policy", "apply", "policy.yml")}
          method="PUT"
          path="/policy"
          body={{ policy: "…", baseRevision: own?.base, comment }}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={() => onOpenChange(false)}>{t("common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={hasErrors || isLockout || apply.isPending}
          onClick={() => void submit().catch(() => undefined)}
        >
          {t("access.apply")}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
