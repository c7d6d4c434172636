"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { HostField } from "@/components/kit/host-field.tsx";
import { useChosenHost } from "@/components/kit/use-chosen-host.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
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
  const { hosts, host, choose } = useChosenHost();
  const [domain, setDomain] = useState("");
  const [name, setName] = useState("");
  const [access, setAccess] = useState("");
  const add = useMutation(api.components.add.mutationOptions({ meta: { inline: true } }));
  const input = {
    host,
    domain: domain.trim(),
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(access.trim() === "" ? {} : { access: access.trim() }),
  };
  const isReady = host !== "" && input.domain !== "";
  const submit = () =>
    add.mutate(input, {
      onSuccess: ({ secret }) => {
        onClose();
        if (secret !== null) onMade({ domain: input.domain.replaceAll("@HOST@", host), secret });
      },
    });
  return (
    <DialogForm
      error={add.error}
      isReady={isReady}
      isPending={add.isPending}
      onSubmit={submit}
      onClose={onClose}
      confirm={t("components.addConfirm")}
    >
      <HostField id={id} hosts={hosts} value={host} onChange={choose} />
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
    </DialogForm>
  );
}
