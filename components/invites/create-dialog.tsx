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
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { MadeInvites } from "./made-invites.tsx";

const kinds = ["account", "contact"] as const;
const days = ["1", "7", "30", "365"] as const;

export function CreateInviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("invites");
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
  const hosts = useHosts();
  const [scope] = useHost();
  const [kind, setKind] = useState<(typeof kinds)[number]>("account");
  const [chosen, setChosen] = useState(scope ?? "");
  const [local, setLocal] = useState("");
  const [inviter, setInviter] = useState("");
  const [maxUses, setMaxUses] = useState("1");
  const [lifetime, setLifetime] = useState<(typeof days)[number]>("7");
  const [note, setNote] = useState("");
  const create = useMutation(api.invites.create.mutationOptions({ meta: { inline: true } }));
  const host = hosts.includes(chosen) ? chosen : (hosts[0] ?? "");
  const name = kind === "account" ? local.trim() : "";
  const by = inviter.trim();
  const input = {
    host,
    kind,
    ...(name === "" ? {} : { local: name }),
    ...(by === "" ? {} : { inviter: by.includes("@") ? by : `${by}@${host}` }),
    maxUses: name === "" ? Math.min(10_000, Math.max(1, Math.trunc(Number(maxUses)) || 1)) : 1,
    expireSeconds: Number(lifetime) * 86_400,
    ...(note.trim() === "" ? {} : { note: note.trim() }),
  };
  const isReady = host !== "" && (kind === "account" || by !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) create.mutate(input);
  };
  if (create.data) return <MadeInvites invites={create.data.items} onClose={onClose} />;

  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
      <DialogBody>
        {create.error ? <ProblemBanner error={create.error} /> : null}
        <Segmented
          label={t("invites.columns.kind")}
          value={kind}
          onChange={setKind}
          options={kinds.map((value) => ({ value, label: t(`invites.kinds.${value}`) }))}
          className="self-start"
        />
        <p className="text-ink-2">{t(`invites.kindTexts.${kind}`)}</p>
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
        {kind === "account" ? (
          <Field
            label={t("invites.local")}
            htmlFor={`${id}-local`}
            note={t("common.optional")}
            help={t("invites.localHint")}
          >
            <Input
              id={`${id}-local`}
              value={local}
              spellCheck={false}
              autoCapitalize="none"
              aria-describedby={`${id}-local-help`}
              onChange={(event) => setLocal(event.target.value)}
            />
          </Field>
        ) : null}
        <Field
          label={t("invites.inviter")}
          htmlFor={`${id}-inviter`}
          note={kind === "account" ? t("common.optional") : undefined}
          help={t("invites.inviterHint")}
        >
          <Input
            id={`${id}-inviter`}
            value={inviter}
            placeholder={`juliet@${host}`}
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby={`${id}-inviter-help`}
            onChange={(event) => setInviter(event.target.value)}
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("invites.maxUses")} htmlFor={`${id}-uses`}>
            <Input
              id={`${id}-uses`}
              type="number"
              min={1}
              max={10_000}
              value={name === "" ? maxUses : "1"}
              disabled={name !== ""}
              onChange={(event) => setMaxUses(event.target.value)}
            />
          </Field>
          <Field label={t("invites.lifetime")} htmlFor={`${id}-lifetime`}>
            <Select
              id={`${id}-lifetime`}
              value={lifetime}
              onChange={(event) => setLifetime(days.find((each) => each === event.target.value) ?? "7")}
              className="w-full"
            >
              {days.map((each) => (
                <option key={each} value={each}>
                  {t("invites.days", { count: Number(each) })}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Field label={t("invites.note")} htmlFor={`${id}-note`} note={t("common.optional")}>
          <Input id={`${id}-note`} value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
        </Field>
        <Equivalent method="POST" path="/invites" body={input} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={create.isPending || !isReady}>
          {t("invites.createConfirm")}
        </Button>
      </DialogFooter>
    </form>
  );
}
