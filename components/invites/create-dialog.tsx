"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { HostField } from "@/components/kit/host-field.tsx";
import { useChosenHost } from "@/components/kit/use-chosen-host.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { maxRoleInviteDays } from "@/lib/contracts/words.ts";
import { createCommand } from "./create-command.ts";
import { giftsIn, noGifts } from "./gift-choice.ts";
import { GiftFields } from "./gift-fields.tsx";
import { type Lifetime, LifetimeField, lifetimes, secondsOf } from "./lifetime-field.tsx";
import { MadeInvites } from "./made-invites.tsx";

const kinds = ["account", "contact"] as const;
const mostAtOnce = 500;

/** A whole number from 1 to `most`, whatever was typed. */
const within = (text: string, most: number): number => Math.min(most, Math.max(1, Math.trunc(Number(text)) || 1));

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
  const { hosts, host, choose } = useChosenHost();
  const [kind, setKind] = useState<(typeof kinds)[number]>("account");
  const [local, setLocal] = useState("");
  const [inviter, setInviter] = useState("");
  const [maxUses, setMaxUses] = useState("1");
  const [count, setCount] = useState("1");
  const [lifetime, setLifetime] = useState<Lifetime>("7");
  const [note, setNote] = useState("");
  const [gifts, setGifts] = useState(noGifts);
  const mayJoin = useMay()("groups.changeMembers", host);
  const known = useQuery(api.groups.list.queryOptions({ input: { host }, enabled: mayJoin && host !== "" }));
  const groups = known.data?.items.map((group) => group.name) ?? [];
  const create = useMutation(api.invites.create.mutationOptions({ meta: { inline: true } }));
  const name = kind === "account" ? local.trim() : "";
  const by = inviter.trim();
  const given = kind === "account" ? giftsIn(gifts, host, groups) : {};
  // Whoever gets hold of the link gets the role: once, and soon.
  const isOnce = name !== "" || given.role !== undefined;
  const choices = lifetimes.filter((each) => given.role === undefined || Number(each) <= maxRoleInviteDays);
  const chosen = choices.find((each) => each === lifetime) ?? choices.at(-1) ?? "1";
  const input = {
    host,
    kind,
    ...(name === "" ? {} : { local: name }),
    ...(by === "" ? {} : { inviter: by.includes("@") ? by : `${by}@${host}` }),
    maxUses: isOnce ? 1 : within(maxUses, 10_000),
    count: name === "" ? within(count, mostAtOnce) : 1,
    expireSeconds: secondsOf(chosen),
    ...(note.trim() === "" ? {} : { note: note.trim() }),
    ...given,
  };
  const isReady = host !== "" && (kind === "account" || by !== "");
  if (create.data) return <MadeInvites invites={create.data.items} onClose={onClose} />;

  return (
    <DialogForm
      error={create.error}
      isReady={isReady}
      isPending={create.isPending}
      onSubmit={() => create.mutate(input)}
      onClose={onClose}
      confirm={t("invites.createConfirm")}
    >
      <Segmented
        label={t("invites.columns.kind")}
        value={kind}
        onChange={setKind}
        options={kinds.map((value) => ({ value, label: t(`invites.kinds.${value}`) }))}
        className="self-start"
      />
      <p className="text-ink-2">{t(`invites.kindTexts.${kind}`)}</p>
      <HostField id={id} hosts={hosts} value={host} onChange={choose} />
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
      <Field
        label={t("invites.count")}
        htmlFor={`${id}-count`}
        help={t(name === "" ? "invites.countHint" : "invites.onlyOne")}
      >
        <Input
          id={`${id}-count`}
          type="number"
          min={1}
          max={mostAtOnce}
          value={name === "" ? count : "1"}
          disabled={name !== ""}
          aria-describedby={`${id}-count-help`}
          onChange={(event) => setCount(event.target.value)}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("invites.maxUses")} htmlFor={`${id}-uses`}>
          <Input
            id={`${id}-uses`}
            type="number"
            min={1}
            max={10_000}
            value={isOnce ? "1" : maxUses}
            disabled={isOnce}
            onChange={(event) => setMaxUses(event.target.value)}
          />
        </Field>
        <LifetimeField id={id} value={chosen} choices={choices} onChange={setLifetime} />
      </div>
      {kind === "account" ? (
        <GiftFields id={id} host={host} choice={gifts} onChange={setGifts} groups={groups} />
      ) : null}
      <Field label={t("invites.note")} htmlFor={`${id}-note`} note={t("common.optional")}>
        <Input id={`${id}-note`} value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
      <Equivalent command={createCommand(input)} method="POST" path="/invites" body={input} />
    </DialogForm>
  );
}
