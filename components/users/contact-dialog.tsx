"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserDetail } from "@/lib/contracts/users.ts";
import { subscriptions } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";

export type Contact = UserDetail["roster"][number];

interface Props {
  user: string;
  /** null: a new one. */
  contact: Contact | null;
  onClose: () => void;
}

/** Adds a contact or sets one right, on this side only. */
export function ContactDialog({ user, contact, onClose }: Props) {
  const t = useTranslations("users");
  const common = useTranslations("common");
  const id = useId();
  const [jid, setJid] = useState(contact?.jid ?? "");
  const [name, setName] = useState(contact?.name ?? "");
  const [groups, setGroups] = useState(contact?.groups.join(", ") ?? "");
  const [subscription, setSubscription] = useState<Contact["subscription"]>(contact?.subscription ?? "none");
  const set = useMutation(api.users.setContact.mutationOptions({ meta: { inline: true } }));
  const body = {
    name: name.trim(),
    subscription,
    groups: groups
      .split(",")
      .map((group) => group.trim())
      .filter(Boolean),
  };
  const path = `/users/${encodeURIComponent(user)}/roster/${encodeURIComponent(jid.trim() || "JID")}`;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={contact ? visible(contact.jid) : t("contactAdd")}
      description={t("contactText")}
      size="md"
    >
      <DialogForm
        error={set.error}
        isReady={jid.trim() !== ""}
        isPending={set.isPending}
        confirm={common("save")}
        onClose={onClose}
        onSubmit={async () => {
          await set.mutateAsync({ ...body, jid: user, contact: jid.trim() });
          toast.success(t("contactSaved"));
          onClose();
        }}
      >
        {contact ? null : (
          <Field label={t("rosterColumns.jid")} htmlFor={`${id}-jid`}>
            <Input
              id={`${id}-jid`}
              value={jid}
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setJid(event.target.value)}
            />
          </Field>
        )}
        <Field label={t("rosterColumns.name")} htmlFor={`${id}-name`} note={common("optional")}>
          <Input id={`${id}-name`} value={name} maxLength={1023} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t("rosterColumns.subscription")} htmlFor={`${id}-subscription`} help={t("subscriptionHint")}>
          <Select
            id={`${id}-subscription`}
            value={subscription}
            aria-describedby={`${id}-subscription-help`}
            onChange={(event) => setSubscription(subscriptions.find((each) => each === event.target.value) ?? "none")}
            className="w-60"
          >
            {subscriptions.map((each) => (
              <option key={each} value={each}>
                {t(`subscriptions.${each}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label={t("rosterColumns.groups")}
          htmlFor={`${id}-groups`}
          help={t("groupsHint")}
          note={common("optional")}
        >
          <Input
            id={`${id}-groups`}
            value={groups}
            aria-describedby={`${id}-groups-help`}
            onChange={(event) => setGroups(event.target.value)}
          />
        </Field>
        <Equivalent
          command={commandLine(
            ...["nightpost", "roster", "set", user, jid.trim() || "JID", subscription],
            ...(body.name === "" ? [] : ["--name", body.name]),
            ...(body.groups.length === 0 ? [] : ["--groups", ...body.groups]),
          )}
          method="PUT"
          path={path}
          body={body}
        />
      </DialogForm>
    </Dialog>
  );
}
