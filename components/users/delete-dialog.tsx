"use client";

import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { toast } from "@/components/kit/toast.ts";
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

export function DeleteDialog({ open, onOpenChange, users, onDone }: Props) {
  const t = useTranslations();
  const actions = useUserActions();
  const first = users[0]?.jid ?? "JID";
  const remove = async () => {
    const count = await actions.remove(users);
    if (count > 0) toast.success(t("users.deleted", { count }));
    onDone?.();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("users.deleteTitle", { count: users.length })}
      text={t("users.deleteText")}
      confirm={t("users.delete")}
      danger
      typed={users.length === 1 ? first : String(users.length)}
      onConfirm={remove}
    >
      <NameList jids={users.map((user) => user.jid)} />
      <Equivalent
        command={commandLine("nightpost", "unregister", ...first.split("@"))}
        method="DELETE"
        path={`/users/${encodeURIComponent(first)}`}
      />
    </ConfirmDialog>
  );
}
