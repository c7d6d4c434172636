"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { z } from "zod";
import { createCommand } from "@/components/invites/create-command.ts";
import { type Lifetime, LifetimeField, secondsOf } from "@/components/invites/lifetime-field.tsx";
import { MadeInvites } from "@/components/invites/made-invites.tsx";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useIssueText } from "@/components/kit/issue-text.ts";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { showServerErrors } from "@/components/kit/show-server-errors.ts";
import { toast } from "@/components/kit/toast.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { HostName } from "@/lib/contracts/endpoint.ts";
import { Password } from "@/lib/contracts/users.ts";
import { generatePassword } from "@/lib/format/password.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { NameField } from "./name-field.tsx";
import { useNameCheck } from "./use-name-check.ts";

const NewUser = z.object({ local: z.string().trim().min(1).max(1023), host: HostName, password: Password });
const Invited = NewUser.extend({ password: z.string() });

const ways = ["password", "invite"] as const;

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  host: string | null;
}

export function CreateUserDialog(props: Props) {
  const t = useTranslations("users");
  const hosts = useHosts();
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={t("createTitle")} size="md" place="side">
      {props.open && hosts.length > 0 ? <CreateUserForm {...props} hosts={hosts} /> : null}
    </Dialog>
  );
}

function CreateUserForm({ onOpenChange, host, hosts }: Props & { hosts: string[] }) {
  const t = useTranslations();
  const id = useId();
  const issueText = useIssueText();
  const may = useMay();
  const [way, setWay] = useState<(typeof ways)[number]>("password");
  const [lifetime, setLifetime] = useState<Lifetime>("7");
  const create = useMutation(api.users.create.mutationOptions({ meta: { inline: true } }));
  const invite = useMutation(api.invites.create.mutationOptions({ meta: { inline: true } }));
  const mayInvite = may("invites.create", host);
  const isInvite = way === "invite" && mayInvite;
  const form = useForm({
    resolver: zodResolver(isInvite ? Invited : NewUser, { error: issueText }),
    defaultValues: { local: "", host: host ?? hosts[0] ?? "", password: "" },
  });
  const { errors } = form.formState;
  const values = useWatch({ control: form.control });
  const local = values.local?.trim() ?? "";
  const chosenHost = values.host ?? "";
  const check = useNameCheck(local, chosenHost);
  const isRefused =
    check !== null && (check.jid === null || check.holder === "account" || (isInvite && check.holder === "invite"));
  const invitation = { host: chosenHost, local: local || "USER", expireSeconds: secondsOf(lifetime) };
  const failed = isInvite ? invite : create;

  const choose = (next: typeof way) => {
    form.clearErrors();
    setWay(next);
  };
  const submit = form.handleSubmit(async (input) => {
    if (isRefused) {
      form.setFocus("local");
      return;
    }
    try {
      if (isInvite) {
        await invite.mutateAsync({ ...invitation, local: input.local });
        return;
      }
      const user = await create.mutateAsync(input);
      toast.success(t("users.created", { jid: user.jid }));
      onOpenChange(false);
    } catch (error) {
      showServerErrors(form, error);
    }
  });
  if (invite.data) return <MadeInvites invites={invite.data.items} onClose={() => onOpenChange(false)} />;

  return (
    <DialogForm
      error={Object.keys(errors).length === 0 ? failed.error : null}
      isPending={form.formState.isSubmitting}
      onSubmit={() => submit()}
      onClose={() => onOpenChange(false)}
      confirm={t(isInvite ? "newUser.createInvite" : "users.create")}
    >
      <NameField
        id={`${id}-local`}
        typed={local}
        check={check}
        isRefused={isRefused}
        error={errors.local?.message}
        {...form.register("local")}
      />
      <Field label={t("common.host")} htmlFor={`${id}-host`} error={errors.host?.message}>
        <Select id={`${id}-host`} className="w-full" {...form.register("host")}>
          {hosts.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
      </Field>
      {mayInvite ? (
        <Segmented
          label={t("newUser.how")}
          value={way}
          onChange={choose}
          options={ways.map((value) => ({ value, label: t(`newUser.ways.${value}`) }))}
          className="self-start"
        />
      ) : null}
      {isInvite ? (
        <>
          <LifetimeField id={id} value={lifetime} onChange={setLifetime} />
          <p className="text-ink-2">{t("newUser.inviteText")}</p>
          <Equivalent command={createCommand(invitation)} method="POST" path="/invites" body={invitation} />
        </>
      ) : (
        <>
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
                onClick={() =>
                  form.setValue("password", generatePassword(), { shouldDirty: true, shouldValidate: true })
                }
              >
                {t("common.generate")}
              </Button>
              {values.password ? <CopyButton text={values.password} /> : null}
            </div>
          </Field>
          <Equivalent
            command={commandLine("nightpost", "register", local || "USER", chosenHost, "$PASSWORD")}
            method="POST"
            path="/users"
            body={{ local: local || "USER", host: chosenHost, password: "…" }}
          />
        </>
      )}
    </DialogForm>
  );
}
