"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { generatePassword } from "@/lib/format/password.ts";
import { commandLine } from "@/lib/format/shell.ts";

export function PasswordForm({ jid }: { jid: string }) {
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const [password, setPassword] = useState("");
  const [keepSessions, setKeep] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const change = useMutation(api.users.changePassword.mutationOptions({ meta: { inline: true } }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(password === "");
    if (password === "") return;
    change.mutate(
      { jid, password, keepSessions },
      {
        onSuccess: () => {
          toast.success(t("users.passwordChanged"));
          setPassword("");
        },
      },
    );
  };
  const error = isEmpty ? t("errors.field.required") : change.isError ? problemText(change.error) : undefined;

  return (
    <Panel title={t("users.passwordTitle")}>
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label={t("users.newPassword")} htmlFor={id} help={t("users.passwordHint")} error={error}>
          <div className="flex items-center gap-2">
            <div className="min-w-0 flex-1">
              <PasswordInput
                id={id}
                autoComplete="new-password"
                value={password}
                aria-invalid={error ? true : undefined}
                aria-describedby={`${id}-help`}
                onChange={(event) => setPassword(event.target.value)}
              />
            </div>
            <Button onClick={() => setPassword(generatePassword())}>{t("common.generate")}</Button>
            {password ? <CopyButton text={password} /> : null}
          </div>
        </Field>
        <ToggleField label={t("users.keepSessions")} htmlFor={`${id}-keep`}>
          <Checkbox id={`${id}-keep`} checked={keepSessions} onChange={(event) => setKeep(event.target.checked)} />
        </ToggleField>
        <Equivalent
          command={commandLine("nightpost", "change_password", ...jid.split("@"), "$PASSWORD")}
          method="PUT"
          path={`/users/${encodeURIComponent(jid)}/password`}
          body={{ password: "…", keepSessions }}
        />
        <Button type="submit" variant="primary" className="self-start" disabled={change.isPending}>
          {t("users.changePassword")}
        </Button>
      </form>
    </Panel>
  );
}
