"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { FormProvider, useForm } from "react-hook-form";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { useIssueText } from "@/components/kit/issue-text.ts";
import { useJoints } from "@/components/kit/joints.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { showServerErrors } from "@/components/kit/show-server-errors.ts";
import { toast } from "@/components/kit/toast.ts";
import { useKeptForm } from "@/components/kit/use-kept-form.ts";
import { useKept } from "@/components/kit/use-kept.ts";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { KindChoice } from "./kind-choice.tsx";
import type { MadeSecret } from "./secret-dialog.tsx";
import { TargetDay } from "./target-day.tsx";
import { TargetEquivalent } from "./target-equivalent.tsx";
import { TargetFields } from "./target-fields.tsx";
import { fromForm, newForm, openForm, TargetForm, type TargetFormInput, toForm } from "./target-form.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** null: a new one. */
  target: TargetHealth | null;
  /** The first target of its kind is worth a rule that sends everything to it. */
  isFirst: (kind: TargetKind) => boolean;
  onTest: (name: string) => void;
  onMade: (made: MadeSecret) => void;
}

export function TargetDialog(props: Props) {
  const t = useTranslations("targets");
  const { open, target } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={props.onOpenChange}
      title={target ? t("editTitle", { name: target.name }) : t("addTitle")}
      size="md"
      place="side"
    >
      {open ? <Content key={target?.name ?? ""} {...props} /> : null}
    </Dialog>
  );
}

function Content(props: Props) {
  const [chosen, choose] = useKept<TargetKind>("kind of target");
  const kind = props.target?.target.kind ?? chosen ?? "webhook";
  return <Form key={kind} {...props} kind={kind} onKind={choose} />;
}

interface FormProps extends Props {
  kind: TargetKind;
  onKind: (kind: TargetKind) => void;
}

function Form({ target, isFirst, onOpenChange, onTest, onMade, kind, onKind }: FormProps) {
  const t = useTranslations();
  const { gap } = useJoints();
  const sentence = useSentence();
  const issueText = useIssueText();
  const problemText = useProblemText();
  const save = useMutation(api.forward.setTarget.mutationOptions({ meta: { inline: true } }));
  const form = useForm<TargetFormInput, unknown, TargetForm>({
    resolver: zodResolver(TargetForm, { error: issueText }),
    defaultValues: target ? toForm(target.name, target.target, false) : newForm(kind, "", isFirst(kind)),
  });
  const close = () => {
    form.reset();
    onOpenChange(false);
  };
  useKeptForm(form, `target ${kind} ${target?.name ?? ""}`, openForm);

  const submit = form.handleSubmit(async (input) => {
    try {
      const { warnings, signingSecret } = await save.mutateAsync({
        name: input.name,
        target: fromForm(input),
        withRule: target === null && input.alsoRule,
      });
      toast.success(t("targets.saved", { name: input.name }), {
        description: warnings.map(sentence).join(gap),
        action: { label: t("targets.test"), onClick: () => onTest(input.name) },
      });
      close();
      if (signingSecret !== null && input.kind === "webhook")
        onMade({ name: input.name, secret: signingSecret, previousUntil: null });
    } catch (error) {
      showServerErrors(form, error, "target.");
    }
  });

  return (
    <FormProvider {...form}>
      <DialogForm
        isPending={form.formState.isSubmitting}
        onSubmit={() => submit()}
        onClose={close}
        confirm={t("targets.saveTarget")}
        note={
          form.formState.isDirty ? <span className="mr-auto text-meta text-ink-3">{t("common.unsaved")}</span> : null
        }
      >
        {save.isError ? (
          <Banner tone="err" alert>
            {problemText(save.error)}
          </Banner>
        ) : null}
        {target === null ? null : <TargetDay name={target.name} />}
        {target === null ? <KindChoice value={kind} onChange={onKind} /> : null}
        <TargetFields target={target} />
        <TargetEquivalent isNew={target === null} />
      </DialogForm>
    </FormProvider>
  );
}
