"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { RegistrationPolicy } from "@/lib/contracts/registration-policy.ts";
import { VerdictLine } from "./verdict-line.tsx";

/** Asks the server what it would say to this client, with what is written in the form beside. */
export function Tester({ host, draft }: { host: string | null; draft: RegistrationPolicy | null }) {
  const t = useTranslations("registration");
  const id = useId();
  const hosts = useHosts();
  const problemText = useProblemText();
  const [chosen, setChosen] = useState("");
  const [address, setAddress] = useState("");
  const [local, setLocal] = useState("");
  const [password, setPassword] = useState("");
  const [secure, setSecure] = useState(true);
  const [invited, setInvited] = useState(false);
  const test = useMutation({
    ...api.registration.test.mutationOptions({ meta: { inline: true } }),
    mutationKey: ["registration-test"],
  });
  const on = host ?? (chosen || hosts[0] || "");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate({
      host: on,
      address: address.trim(),
      local,
      secure,
      invited,
      ...(password ? { password } : {}),
      ...(draft ? { draft } : {}),
    });
  };

  return (
    <Panel title={t("tester")} className="lg:sticky lg:top-5">
      <form onSubmit={submit} className="flex flex-col gap-4">
        {host === null ? (
          <Field label={t("testHost")} htmlFor={`${id}-host`}>
            <Select id={`${id}-host`} value={on} onChange={(event) => setChosen(event.target.value)} className="w-full">
              {hosts.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        <Field label={t("testAddress")} htmlFor={`${id}-address`}>
          <Input
            id={`${id}-address`}
            value={address}
            placeholder="203.0.113.9"
            spellCheck={false}
            onChange={(event) => setAddress(event.target.value)}
          />
        </Field>
        <Field label={t("testName")} htmlFor={`${id}-name`}>
          <Input
            id={`${id}-name`}
            value={local}
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            onChange={(event) => setLocal(event.target.value)}
          />
        </Field>
        <Field label={t("testPassword")} htmlFor={`${id}-password`}>
          <PasswordInput
            id={`${id}-password`}
            value={password}
            autoComplete="off"
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <ToggleField label={t("testSecure")} htmlFor={`${id}-secure`}>
          <Checkbox id={`${id}-secure`} checked={secure} onChange={(event) => setSecure(event.target.checked)} />
        </ToggleField>
        <ToggleField label={t("testInvited")} htmlFor={`${id}-invited`}>
          <Checkbox id={`${id}-invited`} checked={invited} onChange={(event) => setInvited(event.target.checked)} />
        </ToggleField>
        <p className="text-meta text-ink-3">{t("testDraft")}</p>
        <Button type="submit" className="self-start" disabled={!address.trim() || !on || test.isPending}>
          {t("test")}
        </Button>
        <div aria-live="polite">
          {test.data ? <VerdictLine verdict={test.data} /> : null}
          {test.isError ? <Banner tone="err">{problemText(test.error)}</Banner> : null}
        </div>
      </form>
    </Panel>
  );
}
