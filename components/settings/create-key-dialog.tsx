"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ChoiceMenu } from "@/components/kit/choice-menu.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { SecretText } from "@/components/kit/secret-text.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { useMe } from "@/lib/api/me.ts";
import type { Permission } from "@/lib/contracts/endpoint.ts";
import { permissions } from "@/lib/contracts/permissions.ts";
import { commandLine } from "@/lib/format/shell.ts";

const scopes = ["read", "readWrite", "custom"] as const;
const expiries = { d30: 30, d90: 90, d365: 365, never: null } as const;
type Expiry = keyof typeof expiries;

/** Message bodies are people's letters: "read everything" does not mean them. */
const isReading = (each: Permission): boolean => each.endsWith(":read") && each !== "bodies:read";

export function CreateKeyDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("settings");
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("createKey")} size="md">
      {open ? <Form onClose={() => onOpenChange(false)} /> : null}
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const hostNames = useHosts();
  const create = useMutation(api.keys.create.mutationOptions({ meta: { inline: true } }));
  const [name, setName] = useState("");
  const [scope, setScope] = useState<(typeof scopes)[number]>("read");
  const [custom, setCustom] = useState<Permission[]>([]);
  const [hosts, setHosts] = useState<string[]>([]);
  const [addresses, setAddresses] = useState("");
  const [expiry, setExpiry] = useState<Expiry>("d90");
  const me = useMe();

  // Nobody can give what they do not have.
  const own = permissions.filter((each) => me.data?.permissions.includes(each));
  const chosen = scope === "read" ? own.filter(isReading) : scope === "readWrite" ? own : custom;
  const input = () => {
    const days = expiries[expiry];
    return {
      name: name.trim(),
      permissions: chosen,
      hosts: hosts.length === 0 ? null : hosts,
      addresses: addresses.split(/[\s,]+/).filter((text) => text !== ""),
      expiresAt: days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString(),
    };
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(input());
  };
  if (create.data) return <Reveal name={create.data.name} secret={create.data.key} onClose={onClose} />;

  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {create.isError ? (
          <Banner tone="err" alert>
            {problemText(create.error)}
          </Banner>
        ) : null}
        <Field label={t("settings.keyName")} htmlFor={`${id}-name`} help={t("settings.keyNameHint")}>
          <Input
            id={`${id}-name`}
            value={name}
            maxLength={100}
            aria-describedby={`${id}-name-help`}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <div className="flex flex-col gap-1.5">
          <span className="font-medium">{t("settings.permissions")}</span>
          <Segmented
            label={t("settings.permissions")}
            value={scope}
            onChange={setScope}
            options={scopes.map((value) => ({ value, label: t(`settings.${value}`) }))}
            className="self-start"
          />
          {scope === "custom" ? (
            <ChoiceMenu
              label={t("settings.permissions")}
              options={own}
              chosen={custom}
              none="—"
              onChange={(next) => setCustom(own.filter((each) => next.includes(each)))}
            />
          ) : null}
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("settings.expiry")} htmlFor={`${id}-expiry`}>
            <Select
              id={`${id}-expiry`}
              value={expiry}
              onChange={(event) => setExpiry(event.target.value as Expiry)}
              className="w-full"
            >
              {(Object.keys(expiries) as Expiry[]).map((value) => (
                <option key={value} value={value}>
                  {t(`settings.expiries.${value}`)}
                </option>
              ))}
            </Select>
          </Field>
          <div className="flex flex-col gap-1">
            <span className="font-medium">{t("settings.keyHosts")}</span>
            <ChoiceMenu
              label={t("settings.keyHosts")}
              options={hostNames}
              chosen={hosts}
              none={t("common.allHosts")}
              onChange={setHosts}
            />
          </div>
        </div>
        <Field label={t("settings.keyAddresses")} htmlFor={`${id}-from`} help={t("settings.keyAddressesHint")}>
          <Textarea
            id={`${id}-from`}
            rows={2}
            value={addresses}
            spellCheck={false}
            aria-describedby={`${id}-from-help`}
            onChange={(event) => setAddresses(event.target.value)}
            className="font-mono text-meta"
          />
        </Field>
        <Equivalent
          command={commandLine("nightpost", "key", "create", name || "NAME", ...chosen)}
          method="POST"
          path="/keys"
          body={{ name: name || "NAME", permissions: chosen, hosts: hosts.length === 0 ? null : hosts }}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={create.isPending || !name.trim() || chosen.length === 0}>
          {t("settings.create")}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** The only time that the key is shown. */
function Reveal({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  const t = useTranslations("settings");
  const curl = `curl -H "Authorization: Bearer ${secret}" ${location.origin}/api/v1/overview`;
  return (
    <>
      <DialogBody>
        <Banner>
          <strong className="font-medium">{t("keyReady", { name })}</strong>
          <SentenceGap />
          {t("keyOnce")}
        </Banner>
        <SecretText text={secret} />
        <div>
          <p className="flex items-center justify-between text-meta text-ink-3">
            {t("keyTry")}
            <CopyButton text={curl} />
          </p>
          <pre
            tabIndex={0}
            className="overflow-x-auto rounded-control bg-sunken px-3 py-2 font-mono text-meta whitespace-pre-wrap wrap-anywhere"
          >
            {curl}
          </pre>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t("iHaveIt")}
        </Button>
      </DialogFooter>
    </>
  );
}
