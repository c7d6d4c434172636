"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { useForm, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { z } from "zod";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useIssueText } from "@/components/kit/issue-text.ts";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { showServerErrors } from "@/components/kit/show-server-errors.ts";
import { toast } from "@/components/kit/toast.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { HostName } from "@/lib/contracts/endpoint.ts";
import { Password } from "@/lib/contracts/users.ts";
import { generatePassword } from "@/lib/format/password.ts";
import { commandLine } from "@/lib/format/shell.ts";

const NewUser = z.object({ local: z.string().trim().min(1).max(1023), host: HostName, password: Password });

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  host: string | null;
}

export function CreateUserDialog(props: Props) {
  const t = useTranslations("users");
  const hosts = useHosts();
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={t("createTitle")}>
      {hosts.length > 0 ? <CreateUserForm {...props} hosts={hosts} /> : null}
    </Dialog>
  );
}

function CreateUserForm({ onOpenChange, host, hosts }: Props & { hosts: string[] }) {
  const t = useTranslations();
  const id = useId();
  const issueText = useIssueText();
  const problemText = useProblemText();
  const create = useMutation(api.users.create.mutationOptions({ meta: { inline: true } }));
  const form = useForm({
    resolver: zodResolver(NewUser, { error: issueText }),
    defaultValues: { local: "", host: host ?? hosts[0] ?? "", password: "" },
  });
  const { errors } = form.formState;
  const values = useWatch({ control: form.control });

  const submit = form.handleSubmit(async (input) => {
    try {
      const user = await create.mutateAsync(input);
      toast.success(t("users.created", { jid: user.jid }));
      onOpenChange(false);
    } catch (error) {
      showServerErrors(form, error);
    }
  });

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex min-h-0 flex-col">
      <DialogBody>
        {create.isError && Object.keys(errors).length === 0 ? (
          <Banner tone="err" alert>
            {problemText(create.error)}
          </Banner>
        ) : null}
        <Field
          label={t("users.local")}
          htmlFor={`${id}-local`}
          help={t("users.localHint")}
          error={errors.local?.message}
        >
          <Input
            id={`${id}-local`}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-invalid={errors.local ? true : undefined}
            aria-describedby={`${id}-local-help`}
            {...form.register("local")}
          />
        </Field>
        <Field label={t("common.host")} htmlFor={`${id}-host`} error={errors.host?.message}>
          <Select id={`${id}-host`} className="w-full" {...form.register("host")}>
            {hosts.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </Field>
        <Field
          label={t("common.password")}
          htmlFor={`${id}-password`}
          help={t("users.passwordHint")}
          error={errors.password?.message}
        >
          <div className="flex items-center gap-2">
            <div className="min-w-0 flex-1">
              <PasswordInput
                id={`${id}-password`}
                autoComplete="new-password"
                aria-invalid={errors.password ? true : undefined}
                aria-describedby={`${id}-password-help`}
                {...form.register("password")}
              />
            </div>
            <Button
              onClick={() => form.setValue("password", generatePassword(), { shouldDirty: true, shouldValidate: true })}
            >
              {t("common.generate")}
            </Button>
            {values.password ? <CopyButton text={values.password} /> : null}
          </div>
        </Field>
        <Equivalent
          command={commandLine("nightpost", "register", values.local || "USER", values.host ?? "", "$PASSWORD")}
          method="POST"
          path="/users"
          body={{ local: values.local || "USER", host: values.host, password: "…" }}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={() => onOpenChange(false)}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={form.formState.isSubmitting}>
          {t("users.create")}
        </Button>
      </DialogFooter>
    </form>
  );
}
