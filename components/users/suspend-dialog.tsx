"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ReasonField } from "@/components/kit/reason-field.tsx";
import { toast } from "@/components/kit/toast.ts";
import type { User } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { NameList } from "./name-list.tsx";
import { UntilField, untilAtOf } from "./until-field.tsx";
import { useUserActions } from "./use-user-actions.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  users: Pick<User, "jid">[];
  onDone?: () => void;
}

export function SuspendDialog({ open, onOpenChange, users, onDone }: Props) {
  const t = useTranslations();
  const actions = useUserActions();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const untilAt = untilAtOf(until);
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
      <ReasonField value={reason} onChange={setReason} />
      <UntilField value={until} onChange={setUntil} />
      <Equivalent
        command={commandLine("nightpost", "ban_account", ...first.split("@"), ...(reason ? [reason] : []))}
        method="POST"
        path={`/users/${encodeURIComponent(first)}/suspend`}
        body={{ reason, until: untilAt }}
      />
    </ConfirmDialog>
  );
}
