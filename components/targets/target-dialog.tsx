"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { FormProvider, useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { useIssueText } from "@/components/kit/issue-text.ts";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { showServerErrors } from "@/components/kit/show-server-errors.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { commandLine } from "@/lib/format/shell.ts";
import type { MadeSecret } from "./secret-dialog.tsx";
import { SigningNote } from "./signing-note.tsx";
import { TargetFields } from "./target-fields.tsx";
import { fromForm, TargetForm, type TargetFormInput, toForm } from "./target-form.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** null: a new one. */
  target: TargetHealth | null;
  /** The first target is worth a rule that sends everything to it. */
  isFirst: boolean;
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
      {open ? <Form key={target?.name ?? ""} {...props} /> : null}
    </Dialog>
  );
}

function Form({ target, isFirst, onOpenChange, onTest, onMade }: Props) {
  const t = useTranslations();
  const issueText = useIssueText();
  const problemText = useProblemText();
  const inline = { meta: { inline: true } };
  const save = useMutation(api.forward.setTarget.mutationOptions(inline));
  const form = useForm<TargetFormInput, unknown, TargetForm>({
    resolver: zodResolver(TargetForm, { error: issueText }),
    defaultValues: toForm(target?.name ?? "", target?.target ?? null, isFirst),
  });
  const values = useWatch({ control: form.control });
  const name = values.name || "NAME";

  const submit = form.handleSubmit(async (input) => {
    try {
      const { warnings, signingSecret } = await save.mutateAsync({
        name: input.name,
        target: fromForm(input),
        withRule: target === null && input.alsoRule,
      });
      toast.success(t("targets.saved", { name: input.name }), {
        description: warnings.join(" "),
        action: { label: t("targets.test"), onClick: () => onTest(input.name) },
      });
      onOpenChange(false);
      if (signingSecret !== null) onMade({ name: input.name, secret: signingSecret, previousUntil: null });
    } catch (error) {
      showServerErrors(form, error, "target.");
    }
  });

  return (
    <FormProvider {...form}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex min-h-0 flex-1 flex-col">
        <DialogBody>
          {save.isError ? (
            <Banner tone="err" alert>
              {problemText(save.error)}
            </Banner>
          ) : null}
          <TargetFields isNew={target === null} />
          {target ? <SigningNote signing={target.signing} /> : null}
          <Equivalent
            {...(target
              ? {}
              : {
                  command: commandLine(
                    ...[
                      "nightpost",
                      "forward",
                      "target",
                      "add",
                      name,
                      "--url",
                      values.url || "URL",
                      "--preset",
                      values.preset ?? "classic",
                    ],
                    ...(values.confidential ? ["--confidential"] : []),
                    ...(values.auth === "bearer" ? ["--bearer", "TOKEN"] : []),
                    ...(values.auth === "basic" ? ["--basic", `${values.user || "USER"}:PASSWORD`] : []),
                    ...(values.allowPrivate ? ["--allow-private"] : []),
                  ),
                })}
            method="PUT"
            path={`/forward/targets/${encodeURIComponent(name)}`}
            body={{
              target: {
                url: values.url,
                preset: values.preset,
                confidential: values.confidential,
                allowPrivate: values.allowPrivate,
              },
              ...(target ? {} : { withRule: values.alsoRule }),
            }}
          />
        </DialogBody>
        <DialogFooter>
          {form.formState.isDirty ? <span className="mr-auto text-meta text-ink-3">{t("common.unsaved")}</span> : null}
          <Button onClick={() => onOpenChange(false)}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={form.formState.isSubmitting}>
            {t("targets.saveTarget")}
          </Button>
        </DialogFooter>
      </form>
    </FormProvider>
  );
}
