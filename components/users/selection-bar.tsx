"use client";

import { useState } from "react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { useMay, useMe } from "@/lib/api/me.ts";
import type { User } from "@/lib/contracts/users.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { SuspendDialog } from "./suspend-dialog.tsx";
import { useUserActions } from "./use-user-actions.ts";

/** What can be done with the selected accounts. One's own is always left out. */
export function SelectionBar({ users, onDone }: { users: User[]; onDone: () => void }) {
  const t = useTranslations();
  const me = useMe();
  const may = useMay();
  const [dialog, setDialog] = useState<"suspend" | "delete" | null>(null);
  const actions = useUserActions();
  if (users.length === 0) return null;

  const others = users.filter((user) => user.jid !== me.data?.name);
  const active = others.filter((user) => !user.suspended);
  const suspended = others.filter((user) => user.suspended);
  const mayChange = users.every(({ host }) => may("users.suspend", host));
  const resume = async () => {
    const count = await actions.resume(suspended);
    if (count > 0) toast.success(t("users.resumed", { count }));
    onDone();
  };
  return (
    <div
      role="region"
      aria-label={t("common.actions")}
      className="sticky bottom-0 flex min-h-12 flex-wrap items-center gap-2 border-t border-accent/40 bg-accent-soft px-4 py-2"
    >
      <span className="font-medium" aria-live="polite">
        {t("common.selected", { count: users.length })}
      </span>
      {others.length < users.length ? <span className="text-ink-2">{t("users.notYourself")}</span> : null}
      <span className="ml-auto flex flex-wrap gap-2">
        {mayChange && suspended.length > 0 ? (
          <Button size="sm" onClick={() => void resume()}>
            {t("users.resume")}
          </Button>
        ) : null}
        {mayChange && active.length > 0 ? (
          <Button size="sm" onClick={() => setDialog("suspend")}>
            {t("users.suspend")}
          </Button>
        ) : null}
        {mayChange && others.length > 0 ? (
          <Button size="sm" variant="danger-quiet" onClick={() => setDialog("delete")}>
            {t("users.delete")}
          </Button>
        ) : null}
        <Button size="sm" variant="ghost" onClick={onDone}>
          {t("common.clear")}
        </Button>
      </span>
      <SuspendDialog
        open={dialog === "suspend"}
        onOpenChange={(open) => setDialog(open ? "suspend" : null)}
        users={active}
        onDone={onDone}
      />
      <DeleteDialog
        open={dialog === "delete"}
        onOpenChange={(open) => setDialog(open ? "delete" : null)}
        users={others}
        onDone={onDone}
      />
    </div>
  );
}
