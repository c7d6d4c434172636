"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { useMe } from "@/lib/api/me.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { roomHref } from "./room-href.ts";

export function CreateRoomDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("rooms");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("createTitle")}
      description={t("createText")}
      size="md"
      place="side"
    >
      {open ? <Content onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const router = useRouter();
  const hosts = useHosts();
  const me = useMe();
  const [scope] = useHost();
  const host = scope ?? hosts[0] ?? "";
  const [local, setLocal] = useState("");
  const [service, setService] = useState<string | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  const [name, setName] = useState("");
  const create = useMutation(api.rooms.create.mutationOptions({ meta: { inline: true } }));
  const at = service ?? `conference.${host}`;
  const by = owner ?? (me.data?.kind === "account" ? me.data.name : "");
  const jid = `${local.trim()}@${at}`;
  const input = { jid, owner: by.trim(), settings: name.trim() === "" ? {} : { name: name.trim() } };
  const isReady = local.trim() !== "" && by.trim() !== "";
  const submit = () =>
    create.mutate(input, {
      onSuccess: (room) => {
        toast.success(t("rooms.created"));
        // The dialog goes with its page: closing it would write the page's own address.
        router.push(roomHref(room.jid));
      },
    });
  const text = (
    field: string,
    label: string,
    value: string,
    onChange: (value: string) => void,
    more: { help?: string; note?: string } = {},
  ) => (
    <Field label={label} htmlFor={`${id}-${field}`} {...more}>
      <Input
        id={`${id}-${field}`}
        value={value}
        spellCheck={false}
        autoCapitalize="none"
        {...(more.help ? { "aria-describedby": `${id}-${field}-help` } : {})}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
  return (
    <DialogForm
      error={create.error}
      isReady={isReady}
      isPending={create.isPending}
      onSubmit={submit}
      onClose={onClose}
      confirm={t("rooms.createConfirm")}
    >
      {text("local", t("rooms.local"), local, setLocal)}
      {text("service", t("rooms.service"), at, setService)}
      {text("name", t("rooms.settings.name"), name, setName, { note: t("common.optional") })}
      {text("owner", t("rooms.owner"), by, setOwner, { help: t("rooms.ownerHint") })}
      <Equivalent
        command={commandLine(
          ...["nightpost", "room", "create", jid, input.owner],
          ...(name.trim() === "" ? [] : ["--set", `name=${name.trim()}`]),
        )}
        method="POST"
        path="/rooms"
        body={input}
      />
    </DialogForm>
  );
}
