"use client";

import { KeyRound } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { StepProps } from "./login-form.tsx";
import { RefusalBanner } from "./refusal-banner.tsx";

interface Props extends StepProps {
  readonly factors: readonly string[];
  readonly onBack: () => void;
}

/** After the password: a code of the app, a passkey, or one of the codes for when both are lost. */
export function SecondStep({ factors, isBusy, refusal, onTry, onPasskey, onBack }: Props) {
  const t = useTranslations("login");
  const id = useId();
  const [code, setCode] = useState("");
  const [isRecovering, setRecovering] = useState(!factors.includes("totp"));
  const hasCode = factors.includes("totp") || isRecovering;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() === "") return;
    await onTry({ code: code.trim() });
    setCode("");
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" noValidate>
      <RefusalBanner refusal={refusal} />
      {factors.includes("passkey") ? (
        <Button
          variant={factors.includes("totp") ? "secondary" : "primary"}
          size="lg"
          disabled={isBusy}
          onClick={onPasskey}
        >
          <KeyRound aria-hidden className="size-4" />
          {t("passkeySecond")}
        </Button>
      ) : null}
      {hasCode ? (
        <Field
          label={t(isRecovering ? "recoveryCode" : "code")}
          htmlFor={id}
          help={t(isRecovering ? "recoveryCodeHint" : "codeHint")}
        >
          <Input
            id={id}
            name="code"
            value={code}
            autoComplete={isRecovering ? "off" : "one-time-code"}
            inputMode={isRecovering ? "text" : "numeric"}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={32}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the only thing to do in this step
            autoFocus
            aria-describedby={`${id}-help`}
            onChange={(event) => setCode(event.target.value)}
            className="h-9 font-mono tracking-wide"
          />
        </Field>
      ) : null}
      {hasCode ? (
        <Button type="submit" variant="primary" size="lg" disabled={isBusy || code.trim() === ""}>
          {isBusy ? t("submitting") : t("submit")}
        </Button>
      ) : null}
      <p className="flex flex-wrap justify-between gap-2">
        <Button variant="ghost" size="sm" onClick={onBack}>
          {t("otherAccount")}
        </Button>
        {factors.includes("totp") ? (
          <Button variant="ghost" size="sm" onClick={() => setRecovering(!isRecovering)}>
            {t(isRecovering ? "useCode" : "useRecoveryCode")}
          </Button>
        ) : null}
      </p>
    </form>
  );
}
