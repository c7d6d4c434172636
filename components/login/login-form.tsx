"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { api } from "@/lib/api/client.ts";
import { signIn, type SignInResult } from "@/lib/auth/sign-in.ts";

export function LoginForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations();
  const id = useId();
  const status = useQuery(
    api.server.status.queryOptions({ refetchInterval: (query) => (query.state.data ? false : 3000) }),
  );
  const hosts = status.data?.hosts ?? [];
  const [jid, setJid] = useState("");
  const [host, setHost] = useState("");
  const [password, setPassword] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [isIncomplete, setIncomplete] = useState(false);
  const [refusal, setRefusal] = useState<SignInResult | null>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const needsHost = !jid.includes("@");
  const chosenHost = host || hosts[0] || "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setRefusal(null);
    setIncomplete(!jid.trim() || !password);
    if (!jid.trim() || !password) return;
    setBusy(true);
    const result = await signIn(needsHost && chosenHost ? `${jid.trim()}@${chosenHost}` : jid.trim(), password);
    if (result.ok) return onDone();
    setBusy(false);
    setRefusal(result);
    passwordField.current?.select();
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" noValidate>
      {isIncomplete ? (
        <Banner tone="err" alert>
          {t("login.empty")}
        </Banner>
      ) : null}
      {refusal && !refusal.ok ? <Refusal key={JSON.stringify(refusal)} refusal={refusal} /> : null}
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
      {needsHost && hosts.length > 1 ? (
        <Field label={t("common.host")} htmlFor={`${id}-host`}>
          <Select
            id={`${id}-host`}
            value={chosenHost}
            onChange={(event) => setHost(event.target.value)}
            className="w-full"
          >
            {hosts.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </Field>
      ) : null}
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
    </form>
  );
}

function Refusal({ refusal }: { refusal: Extract<SignInResult, { ok: false }> }) {
  const t = useTranslations("login.errors");
  const wait = refusal.code === "throttled" ? refusal.retryAfterSeconds : 0;
  const [seconds, setSeconds] = useState(wait);
  useEffect(() => {
    if (wait === 0) return undefined;
    const timer = setInterval(() => setSeconds((left) => Math.max(0, left - 1)), 1000);
    return () => clearInterval(timer);
  }, [wait]);
  return (
    <Banner tone={refusal.code === "unreachable" ? "warn" : "err"} alert>
      {t(refusal.code, { seconds })}
    </Banner>
  );
}
