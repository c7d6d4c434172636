"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { client } from "@/lib/api/client.ts";
import { generatePassword } from "@/lib/format/password.ts";
import { SetupEquivalent } from "./setup-equivalent.tsx";
import { type SetupValues, type StepProblem, stepProblem } from "./setup-values.ts";
import { StepFrame } from "./step-frame.tsx";
import type { StepProps } from "./step-props.ts";

/** Makes host and admin, and logs the admin in, who takes the later steps. Answers whether that worked. */
async function begin(token: string, { host, admin, password }: SetupValues): Promise<boolean> {
  const { jid } = await client.setup.complete({ token, host: host.trim(), admin: admin.trim(), password });
  const { signIn } = await import("@/lib/auth/sign-in.ts");
  return (await signIn({ jid, password })) === null;
}

export function AdminStep({ nav, values, onChange, token }: StepProps & { token: string }) {
  const t = useTranslations();
  const id = useId();
  const router = useRouter();
  const [isChecked, setChecked] = useState(false);
  const made = useMutation({ mutationFn: () => begin(token, values), meta: { inline: true } });
  const problem = stepProblem("admin", values);
  const errorOf = (kind: StepProblem) =>
    isChecked && problem === kind ? t(`setup.${kind}`, { host: values.host.trim() }) : undefined;
  const submit = () => {
    setChecked(true);
    if (problem !== null) return;
    made.mutate(undefined, {
      // The link has done its work: the page without it begins with the first step that is taken as the admin.
      onSuccess: (isLoggedIn) =>
        router.replace(isLoggedIn ? "/setup" : `/login?callbackUrl=${encodeURIComponent("/setup")}`),
    });
  };
  return (
    <StepFrame
      nav={nav}
      error={made.error}
      isBusy={made.isPending || made.isSuccess}
      next={t(made.isPending ? "setup.creating" : "setup.create")}
      onSubmit={submit}
    >
      <Field label={t("setup.jid")} htmlFor={`${id}-jid`} help={t("setup.adminText")} error={errorOf("badJid")}>
        <Input
          id={`${id}-jid`}
          name="username"
          autoComplete="username"
          value={values.admin}
          spellCheck={false}
          autoCapitalize="none"
          aria-invalid={errorOf("badJid") ? true : undefined}
          aria-describedby={`${id}-jid-help`}
          className="h-9"
          onChange={(event) => onChange({ admin: event.target.value })}
        />
      </Field>
      <Field
        label={t("setup.password")}
        htmlFor={`${id}-password`}
        help={t("setup.passwordHint")}
        error={errorOf("badPassword")}
      >
        <div className="flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <PasswordInput
              id={`${id}-password`}
              name="password"
              autoComplete="new-password"
              value={values.password}
              aria-invalid={errorOf("badPassword") ? true : undefined}
              aria-describedby={`${id}-password-help`}
              className="h-9"
              onChange={(event) => onChange({ password: event.target.value })}
            />
          </div>
          <Button size="lg" onClick={() => onChange({ password: generatePassword() })}>
            {t("common.generate")}
          </Button>
          {values.password ? <CopyButton text={values.password} /> : null}
        </div>
      </Field>
      <SetupEquivalent values={values} />
    </StepFrame>
  );
}
