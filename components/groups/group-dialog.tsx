"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { HostField } from "@/components/kit/host-field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useChosenHost } from "@/components/kit/use-chosen-host.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import type { Group } from "@/lib/contracts/groups.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { GroupFields } from "./group-fields.tsx";
import { useGroupForm } from "./use-group-form.ts";

interface Props {
  /** `new`: it is to be made. */
  group: Group | "new" | null;
  groups: readonly Group[];
  onClose: () => void;
}

export function GroupDialog({ group, groups, onClose }: Props) {
  const t = useTranslations("groups");
  const isNew = group === "new" || group === null;
  return (
    <Dialog
      open={group !== null}
      onOpenChange={(next) => !next && onClose()}
      title={isNew ? t("createTitle") : t("editTitle", { name: visible(group.name) })}
      description={t("createText")}
      size="md"
      place="side"
    >
      {group === null ? null : <Content group={isNew ? null : group} groups={groups} onClose={onClose} />}
    </Dialog>
  );
}

function Content({ group, groups, onClose }: { group: Group | null; groups: readonly Group[]; onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const { hosts, host: chosen, choose } = useChosenHost();
  const [named, setNamed] = useState(group?.name ?? "");
  const form = useGroupForm(group);
  const create = useMutation(api.groups.create.mutationOptions({ meta: { inline: true } }));
  const update = useMutation(api.groups.update.mutationOptions({ meta: { inline: true } }));
  const host = group?.host ?? chosen;
  const name = named.trim().toLowerCase();
  const others = groups.filter((each) => each.host === host && each.name !== name).map((each) => each.name);
  const label = form.label.trim() === "" ? name : form.label.trim();
  const displays = [...form.displays].filter((each) => each === name || others.includes(each)).toSorted();
  const settings = { label, description: form.description.trim(), members: form.members, displays };
  const isReady = host !== "" && name !== "";
  const submit = async () => {
    if (group === null) await create.mutateAsync({ host, name, ...settings });
    else await update.mutateAsync({ host, name, ...settings });
    toast.success(t(group === null ? "groups.created" : "groups.saved", { name: visible(name) }));
    onClose();
  };
  const options = [
    ...["--label", label],
    ...["--members", form.members],
    ...["--displays", displays.join(",")],
    ...(settings.description === "" ? [] : ["--description", settings.description]),
  ];

  return (
    <DialogForm
      error={create.error ?? update.error}
      isReady={isReady}
      isPending={create.isPending || update.isPending}
      onSubmit={submit}
      onClose={onClose}
      confirm={group === null ? t("groups.createConfirm") : t("common.save")}
    >
      {group === null ? <HostField id={id} hosts={hosts} value={host} onChange={choose} /> : null}
      {group === null ? (
        <Field label={t("groups.name")} htmlFor={`${id}-name`} help={t("groups.nameHint")}>
          <Input
            id={`${id}-name`}
            value={named}
            maxLength={64}
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={`${id}-name-help`}
            onChange={(event) => {
              const next = event.target.value.trim().toLowerCase();
              // It goes on seeing itself under its new name.
              if (form.displays.has(name) || name === "")
                form.setDisplays(new Set([...[...form.displays].filter((each) => each !== name), next]));
              setNamed(event.target.value);
            }}
          />
        </Field>
      ) : null}
      <GroupFields id={id} form={form} name={name} others={others} />
      <Equivalent
        command={commandLine("nightpost", "group", group === null ? "create" : "update", host, name, ...options)}
        method={group === null ? "POST" : "PUT"}
        path={group === null ? "/groups" : `/groups/${encodeURIComponent(host)}/${name}`}
        body={group === null ? { host, name, ...settings } : settings}
      />
    </DialogForm>
  );
}
