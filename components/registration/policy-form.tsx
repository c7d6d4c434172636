"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useEffect, useId } from "react";
import { Controller, FormProvider, useForm, useWatch } from "react-hook-form";
import { useFormatter, useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useIssueText } from "@/components/kit/issue-text.ts";
import { useJoints } from "@/components/kit/joints.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { showServerErrors } from "@/components/kit/show-server-errors.ts";
import { useKeptForm } from "@/components/kit/use-kept-form.ts";
import { useSaveKey } from "@/components/kit/use-keys.ts";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { useTold } from "@/components/kit/use-told.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { PolicyIssue } from "@/lib/contracts/policy.ts";
import type { RegistrationPolicy } from "@/lib/contracts/registration-policy.ts";
import { registrationModes } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { MessageFields } from "./message-fields.tsx";
import { NameFields } from "./name-fields.tsx";
import { NetworkFields } from "./network-fields.tsx";
import { fromValues, PolicyValues, type PolicyValuesInput, toValues } from "./policy-values.ts";
import { TemplateFields } from "./template-fields.tsx";
import { useHits } from "./use-hits.ts";
import { useSetPolicy } from "./use-set-policy.ts";

/** What hits are counted over. */
const hoursCounted = 24;

interface Props {
  host: string | null;
  policy: RegistrationPolicy;
  issues: PolicyIssue[];
  /** What is written, saved or not, for the tester beside; null when it is the stored policy. */
  onDraft: (draft: RegistrationPolicy | null) => void;
}

export function PolicyForm({ host, policy, issues, onDraft }: Props) {
  const t = useTranslations();
  const { colon } = useJoints();
  const format = useFormatter();
  const id = useId();
  const issueText = useIssueText();
  const told = useTold();
  const problemText = useProblemText();
  const { save, error } = useSetPolicy(host);
  const hits = useHits(host);
  const form = useForm<PolicyValuesInput, unknown, PolicyValues>({
    resolver: zodResolver(PolicyValues, { error: issueText }),
    defaultValues: toValues(policy),
  });
  const { isDirty, isSubmitting, errors } = form.formState;
  const values = useWatch({ control: form.control });
  useKeptForm(form, `registration ${host ?? ""}`);
  useLeaveGuard(isDirty);

  const draft = PolicyValues.safeParse(values);
  const draftText = isDirty && draft.success ? JSON.stringify(fromValues(draft.data)) : null;
  useEffect(() => {
    onDraft(draftText === null ? null : (JSON.parse(draftText) as RegistrationPolicy));
    return () => onDraft(null);
  }, [draftText, onDraft]);

  // Fields of parts that are not rendered again have to stay registered.
  const settle = (stored: PolicyValuesInput) => form.reset(stored, { keepFieldsRef: true });
  const submit = form.handleSubmit(async (input) => {
    try {
      await save(fromValues(input), policy);
      settle(input);
    } catch (caught) {
      showServerErrors(form, caught, "policy.");
    }
  });

  const mayApply = useMay()("registration.set", host);
  useSaveKey(() => isDirty && mayApply && void submit());

  return (
    <FormProvider {...form}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-6">
        {error ? (
          <Banner tone="err" alert>
            {problemText(error)}
          </Banner>
        ) : null}
        {issues.length > 0 ? (
          <Banner tone="warn">
            {t("registration.issues", { count: issues.length })}
            <ul className="text-ink-2">
              {issues.map((issue, index) => (
                <li key={index}>
                  <code className="font-mono text-meta">{visible(issue.path)}</code> {t(`access.codes.${issue.code}`)}
                  {colon}
                  {told(issue)}
                </li>
              ))}
            </ul>
          </Banner>
        ) : null}
        <div className="flex flex-col gap-1.5">
          <Controller
            control={form.control}
            name="mode"
            render={({ field }) => (
              <Segmented
                label={t("registration.mode")}
                value={field.value ?? "closed"}
                onChange={field.onChange}
                options={registrationModes.map((value) => ({ value, label: t(`registration.modes.${value}`) }))}
                className="self-start"
              />
            )}
          />
          <p className="text-ink-2">{t(`registration.modeTexts.${values.mode ?? "closed"}`)}</p>
          {values.mode === "closed" && policy.mode !== "closed" && hits.allowed ? (
            <Banner tone="warn">
              {t("registration.stops", {
                count: hits.allowed,
                rate: format.number(hits.allowed / hoursCounted, { maximumSignificantDigits: 2 }),
              })}
            </Banner>
          ) : null}
          {values.mode === "access" ? (
            <Field
              label={t("registration.accessRule")}
              htmlFor={`${id}-rule`}
              help={t("registration.accessRuleHint")}
              error={errors.accessRule?.message}
              className="mt-2 max-w-72"
            >
              <Input id={`${id}-rule`} aria-describedby={`${id}-rule-help`} {...form.register("accessRule")} />
            </Field>
          ) : null}
          {values.mode === "approval" ? (
            <div className="mt-2 grid gap-4 sm:grid-cols-2">
              <Field
                label={t("registration.approvalLimit")}
                htmlFor={`${id}-limit`}
                help={t("registration.approvalLimitHint")}
                error={errors.approvalLimit?.message}
              >
                <Input
                  id={`${id}-limit`}
                  type="number"
                  aria-describedby={`${id}-limit-help`}
                  {...form.register("approvalLimit", { valueAsNumber: true })}
                />
              </Field>
              <Field
                label={t("registration.approvalDays")}
                htmlFor={`${id}-days`}
                help={t("registration.approvalDaysHint")}
                error={errors.approvalDays?.message}
              >
                <Input
                  id={`${id}-days`}
                  type="number"
                  aria-describedby={`${id}-days-help`}
                  {...form.register("approvalDays", { valueAsNumber: true })}
                />
              </Field>
            </div>
          ) : null}
        </div>
        <NetworkFields host={host} />
        <NameFields />
        <MessageFields />
        {values.mode === "approval" || (values.templates?.length ?? 0) > 0 ? <TemplateFields /> : null}
        <Equivalent
          command={commandLine(
            "nightpost",
            "registration",
            "set",
            ...(host ? ["--host", host] : []),
            "--mode",
            values.mode ?? "closed",
          )}
          method="PUT"
          path="/registration"
          body={{ ...(host ? { host } : {}), policy: { mode: values.mode } }}
        />
        <div className="flex items-center justify-end gap-2 border-t border-line pt-4">
          {isDirty ? (
            <>
              <span className="mr-auto text-meta text-ink-3">{t("common.unsaved")}</span>
              <Button onClick={() => settle(toValues(policy))}>{t("common.discard")}</Button>
            </>
          ) : null}
          {mayApply ? (
            <Button type="submit" variant="primary" disabled={isSubmitting || !isDirty}>
              {t("common.apply")}
            </Button>
          ) : null}
        </div>
      </form>
    </FormProvider>
  );
}
