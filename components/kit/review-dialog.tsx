"use client";

import { type ReactNode, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { PolicyChange, PolicyIssue, Revision } from "@/lib/contracts/policy.ts";
import { ChangesList } from "./changes-list.tsx";
import { Field } from "./field.tsx";
import { IssueList } from "./issue-list.tsx";
import { useProblemText } from "./problem-text.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  issues: PolicyIssue[];
  changes: PolicyChange[];
  /** The revision in force, when it is not the one that the draft began from. */
  overtakenBy: Revision | null;
  /** Makes the draft the policy; the dialog closes when it has. */
  onApply: (comment: string) => Promise<void>;
  equivalent: (comment: string) => ReactNode;
  /** What else is known of the draft, between its issues and its changes. */
  children?: ReactNode;
}

/** What would change, what is wrong with it, and the button that makes it so. */
export function ReviewDialog(props: Props) {
  const { open, onOpenChange, issues, changes, overtakenBy, onApply, equivalent, children } = props;
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const [comment, setComment] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isLockout = issues.some((issue) => issue.code === "locks-out-admin");
  const hasErrors = issues.some((issue) => issue.severity === "error");

  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      await onApply(comment);
      setComment("");
      onOpenChange(false);
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("access.reviewTitle")}
      description={t("access.reviewText")}
      size="lg"
    >
      <DialogBody>
        {error ? (
          <Banner tone="err" alert>
            {problemText(error)}
          </Banner>
        ) : null}
        {isLockout ? (
          <Banner tone="err">{t("access.lockout")}</Banner>
        ) : hasErrors ? (
          <Banner tone="err">{t("access.errorsFirst")}</Banner>
        ) : null}
        {overtakenBy ? (
          <Banner tone="warn">{t("access.conflict", { author: overtakenBy.author, id: overtakenBy.id })}</Banner>
        ) : null}
        <IssueList issues={issues} />
        {children}
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
        {equivalent(comment)}
      </DialogBody>
      <DialogFooter>
        <Button onClick={() => onOpenChange(false)}>{t("common.cancel")}</Button>
        <Button variant="primary" disabled={hasErrors || isLockout || isBusy} onClick={() => void submit()}>
          {t("access.apply")}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
