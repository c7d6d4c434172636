"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { useTranslations } from "use-intl";
import { useIssueText } from "@/components/kit/issue-text.ts";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { SecretText } from "@/components/kit/secret-text.tsx";
import { showServerErrors } from "@/components/kit/show-server-errors.ts";
import { TestResult } from "@/components/kit/test-result.tsx";
import { useKeptForm } from "@/components/kit/use-kept-form.ts";
import { TargetEquivalent } from "@/components/targets/target-equivalent.tsx";
import {
  fromForm,
  newForm,
  openForm,
  TargetForm as Form,
  type TargetFormInput,
  toForm,
} from "@/components/targets/target-form.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { StepFrame } from "./step-frame.tsx";
import type { StepNav } from "./step-props.ts";
import { TargetSettings } from "./target-settings.tsx";

const name = "web";

/** Saves the target, sends it a test at once and shows what it answered; then, or without any of it, the set-up ends. */
export function TargetForm({ nav, target }: { nav: StepNav; target: TargetHealth | null }) {
  const t = useTranslations();
  const issueText = useIssueText();
  const [isNew, setNew] = useState(target === null);
  const [secret, setSecret] = useState<string | null>(null);
  const save = useMutation(api.forward.setTarget.mutationOptions({ meta: { inline: true } }));
  const test = useMutation(api.forward.testTarget.mutationOptions({ meta: { inline: true } }));
  const form = useForm<TargetFormInput, unknown, Form>({
    resolver: zodResolver(Form, { error: issueText }),
    defaultValues: target === null ? newForm("webhook", name, true) : toForm(target.name, target.target, false),
  });
  useKeptForm(form, "setup target", openForm);
  // What was answered to settings that have been changed since says nothing of these.
  const isTested = test.data?.outcome === "delivered" && !form.formState.isDirty;

  const send = form.handleSubmit(async (input) => {
    try {
      const saved = await save.mutateAsync({ name: input.name, target: fromForm(input), withRule: isNew });
      setNew(false);
      if (saved.signingSecret !== null) setSecret(saved.signingSecret);
      form.reset(form.getValues());
      test.mutate({ name: input.name });
    } catch (error) {
      showServerErrors(form, error, "target.");
    }
  });

  return (
    <FormProvider {...form}>
      <StepFrame
        nav={nav}
        error={save.error}
        isBusy={save.isPending || test.isPending}
        canSkip={!isTested}
        next={t(isTested ? "setup.finish" : "setup.target.send")}
        onSubmit={() => (isTested ? nav.onNext() : void send())}
      >
        <p className="text-ink-2">{t("setup.target.text")}</p>
        <TargetSettings isNew={isNew} />
        {secret === null ? null : (
          <div className="flex flex-col gap-2">
            <Banner>
              {t("targets.secretOnce")}
              <SentenceGap />
              {t("targets.secretVerify")}
            </Banner>
            <SecretText text={secret} />
          </div>
        )}
        {test.isIdle ? null : <TestResult test={test} />}
        <TargetEquivalent isNew={isNew} />
      </StepFrame>
    </FormProvider>
  );
}
