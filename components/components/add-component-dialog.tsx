"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import type { MadeSecret } from "./secret-dialog.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
  onMade: (made: MadeSecret) => void;
}

export function AddComponentDialog({ open, onClose, onMade }: Props) {
  const t = useTranslations("components");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("addTitle")}
      description={t("addText")}
      size="md"
      place="side"
    >
      {open ? <Content onClose={onClose} onMade={onMade} /> : null}
    </Dialog>
  );
}

function Content({ onClose, onMade }: Omit<Props, "open">) {
  const t = useTranslations();
  const id = useId();
  const hosts = useHosts();
  const [scope] = useHost();
  const [chosen, setChosen] = useState(scope ?? "");
  const [domain, setDomain] = useState("");
  const [name, setName] = useState("");
  const [access, setAccess] = useState("");
  const add = useMutation(api.components.add.mutationOptions({ meta: { inline: true } }));
  const host = hosts.includes(chosen) ? chosen : (hosts[0] ?? "");
  const input = {
    host,
    domain: domain.trim(),
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(access.trim() === "" ? {} : { access: access.trim() }),
  };
  const isReady = host !== "" && input.domain !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    add.mutate(input, {
      onSuccess: ({ secret }) => {
        onClose();
        if (secret !== null) onMade({ domain: input.domain.replaceAll("@HOST@", host), secret });
      },
    });
  };
  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
      <DialogBody>
        {add.error ? <ProblemBanner error={add.error} /> : null}
        {hosts.length > 1 ? (
          <Field label={t("common.host")} htmlFor={`${id}-host`}>
            <Select
              id={`${id}-host`}
              value={host}
              onChange={(event) => setChosen(event.target.value)}
              className="w-full"
            >
              {hosts.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        <Field label={t("components.domain")} htmlFor={`${id}-domain`} help={t("components.domainHint")}>
          <Input
            id={`${id}-domain`}
            value={domain}
            placeholder={`irc.${host}`}
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby={`${id}-domain-help`}
            onChange={(event) => setDomain(event.target.value)}
          />
        </Field>
        <Field
          label={t("components.name")}
          htmlFor={`${id}-name`}
          note={t("common.optional")}
          help={t("components.nameHint")}
        >
          <Input
            id={`${id}-name`}
            value={name}
            maxLength={200}
            aria-describedby={`${id}-name-help`}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label={t("components.access")}
          htmlFor={`${id}-access`}
          note={t("common.optional")}
          help={t("components.accessHint")}
        >
          <Input
            id={`${id}-access`}
            value={access}
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby={`${id}-access-help`}
            onChange={(event) => setAccess(event.target.value)}
          />
        </Field>
        <Equivalent
          command={commandLine(
            ...["nightpost", "component", "add", host, input.domain],
            ...(input.name === undefined ? [] : ["--name", input.name]),
            ...(input.access === undefined ? [] : ["--access", input.access]),
          )}
          method="POST"
          path="/components"
          body={input}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={!isReady || add.isPending}>
          {t("components.addConfirm")}
        </Button>
      </DialogFooter>
    </form>
  );
}
