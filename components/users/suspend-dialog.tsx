"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Input } from "@/components/ui/input.tsx";
import type { User } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { NameList } from "./name-list.tsx";
import { useUserActions } from "./use-user-actions.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  users: Pick<User, "jid">[];
  onDone?: () => void;
}

export function SuspendDialog({ open, onOpenChange, users, onDone }: Props) {
  const t = useTranslations();
  const id = useId();
  const actions = useUserActions();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const untilAt = until ? new Date(until).toISOString() : null;
  const first = users[0]?.jid ?? "JID";

  const suspend = async () => {
    const count = await actions.suspend(users, reason, untilAt);
    if (count > 0) {
      toast.success(t("users.suspended", { count }), {
        duration: 10_000,
        action: {
          label: t("common.undo"),
          onClick: () => void actions.resume(users).then(() => toast.success(t("common.undone"))),
        },
      });
    }
    setReason("");
    setUntil("");
    onDone?.();
  };

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("users.suspendTitle", { count: users.length })}
      text={t("users.suspendText")}
      confirm={t("users.suspend")}
      onConfirm={suspend}
    >
      <NameList jids={users.map((user) => user.jid)} />
      <Field label={t("common.reason")} htmlFor={`${id}-reason`} note={t("common.optional")}>
        <Input id={`${id}-reason`} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <Field label={t("users.until")} htmlFor={`${id}-until`} help={t("users.untilHint")} note={t("common.optional")}>
        <Input
          id={`${id}-until`}
          type="datetime-local"
          value={until}
          aria-describedby={`${id}-until-help`}
          onChange={(event) => setUntil(event.target.value)}
          className="w-60"
        />
      </Field>
      <Equivalent
        command={commandLine("nightpost", "ban_account", ...first.split("@"), ...(reason ? [reason] : []))}
        method="POST"
        path={`/users/${encodeURIComponent(first)}/suspend`}
        body={{ reason, until: untilAt }}
      />
    </ConfirmDialog>
  );
}
