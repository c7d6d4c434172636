"use client";

import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { HostField } from "@/components/kit/host-field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { useHasPasskeys } from "@/lib/auth/use-has-passkeys.ts";
import type { StepProps } from "./login-form.tsx";
import { RefusalBanner } from "./refusal-banner.tsx";

export function PasswordStep({ isBusy, refusal, onTry, onPasskey }: StepProps) {
  const t = useTranslations();
  const id = useId();
  const status = useQuery(
    api.server.status.queryOptions({ refetchInterval: (query) => (query.state.data ? false : 3000) }),
  );
  const hosts = status.data?.hosts ?? [];
  const [jid, setJid] = useState("");
  const [host, setHost] = useState("");
  const [password, setPassword] = useState("");
  const [isIncomplete, setIncomplete] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);
  const mayPasskey = useHasPasskeys();
  const needsHost = !jid.includes("@");
  const chosenHost = host || hosts[0] || "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIncomplete(!jid.trim() || !password);
    if (!jid.trim() || !password) return;
    await onTry({ jid: needsHost && chosenHost ? `${jid.trim()}@${chosenHost}` : jid.trim(), password });
    passwordField.current?.select();
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" noValidate>
      {status.isError && !status.data ? <Banner tone="warn">{t("login.starting")}</Banner> : null}
      {isIncomplete ? (
        <Banner tone="err" alert>
          {t("login.empty")}
        </Banner>
      ) : null}
      <RefusalBanner refusal={refusal} />
      <Field
        label={t("login.jid")}
        htmlFor={`${id}-jid`}
        help={t("login.jidHint", { example: `ann@${chosenHost || "example.org"}` })}
      >
        <Input
          id={`${id}-jid`}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the only thing to do on this page
          autoFocus
          value={jid}
          onChange={(event) => setJid(event.target.value)}
          aria-describedby={`${id}-jid-help`}
          className="h-9"
        />
      </Field>
      {needsHost ? <HostField id={id} hosts={hosts} value={chosenHost} onChange={setHost} /> : null}
      <Field label={t("common.password")} htmlFor={`${id}-password`}>
        <PasswordInput
          ref={passwordField}
          id={`${id}-password`}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          className="h-9"
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" disabled={isBusy}>
        {isBusy ? t("login.submitting") : t("login.submit")}
      </Button>
      {mayPasskey ? (
        <Button size="lg" disabled={isBusy} onClick={onPasskey}>
          <KeyRound aria-hidden className="size-4 text-ink-3" />
          {t("login.passkey")}
        </Button>
      ) : null}
    </form>
  );
}
