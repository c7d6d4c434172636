"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ResetLink } from "@/components/invites/reset-link.tsx";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay, useMe } from "@/lib/api/me.ts";
import type { UserDetail } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { PasswordForm } from "./password-form.tsx";
import { RolesPanel } from "./roles-panel.tsx";
import { SuspendDialog } from "./suspend-dialog.tsx";
import { TagsPanel } from "./tags-panel.tsx";
import { useUserActions } from "./use-user-actions.ts";

export function AccountTab({ user }: { user: UserDetail }) {
  const t = useTranslations("users");
  const { colon } = useJoints();
  const router = useRouter();
  const me = useMe();
  const may = useMay();
  const actions = useUserActions();
  const [dialog, setDialog] = useState<"suspend" | "delete" | "admin" | null>(null);
  const grant = useMutation(api.users.grantAdmin.mutationOptions({ meta: { inline: true } }));
  const revoke = useMutation(api.users.revokeAdmin.mutationOptions({ meta: { inline: true } }));
  const { jid, isAdmin } = user;
  const isSelf = me.data?.name === jid;
  const toggle = (name: typeof dialog) => (open: boolean) => setDialog(open ? name : null);

  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <div className="flex flex-col gap-5">
        <May call="users.changePassword" host={user.host}>
          <PasswordForm jid={jid} />
        </May>
        <May call="invites.resetPassword" host={user.host}>
          <ResetLink jid={jid} />
        </May>
        <RolesPanel jid={jid} />
      </div>
      <div className="flex flex-col gap-5">
        {isSelf ? <Banner>{t("self")}</Banner> : null}
        <Panel title={t("adminTitle")}>
          <p className="text-ink-2">{t(isAdmin ? "adminYes" : "adminNo")}</p>
          {(isSelf && isAdmin) || !may("users.grantAdmin") ? null : (
            <Button className="mt-3" onClick={() => setDialog("admin")}>
              {t(isAdmin ? "revoke" : "grant")}
            </Button>
          )}
        </Panel>
        <TagsPanel user={user} />
        {isSelf || !may("users.suspend", user.host) ? null : (
          <>
            <Panel title={t("suspendTitleOne")}>
              <p className="text-ink-2">{t("suspendText")}</p>
              {user.suspended ? (
                <Button
                  className="mt-3"
                  onClick={() =>
                    void actions.resume([user]).then((count) => count > 0 && toast.success(t("resumed", { count })))
                  }
                >
                  {t("resume")}
                </Button>
              ) : (
                <Button className="mt-3" onClick={() => setDialog("suspend")}>
                  {t("suspend")}
                </Button>
              )}
            </Panel>
            <Panel title={t("dangerTitle")}>
              <p className="text-ink-2">{t("deleteText")}</p>
              <Button className="mt-3" variant="danger-quiet" onClick={() => setDialog("delete")}>
                {t("delete")}
              </Button>
            </Panel>
          </>
        )}
      </div>
      <SuspendDialog open={dialog === "suspend"} onOpenChange={toggle("suspend")} users={[user]} />
      <DeleteDialog
        open={dialog === "delete"}
        onOpenChange={toggle("delete")}
        users={[user]}
        onDone={() => router.replace("/users")}
      />
      <ConfirmDialog
        open={dialog === "admin"}
        onOpenChange={toggle("admin")}
        title={`${t(isAdmin ? "revoke" : "grant")}${colon}${jid}`}
        text={t(isAdmin ? "revokeText" : "grantText")}
        confirm={t(isAdmin ? "revoke" : "grant")}
        danger={isAdmin}
        onConfirm={async () => {
          await (isAdmin ? revoke : grant).mutateAsync({ jid });
          toast.success(t(isAdmin ? "revoked" : "granted", { jid }));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "admin", isAdmin ? "revoke" : "grant", jid)}
          method={isAdmin ? "DELETE" : "POST"}
          path={`/users/${encodeURIComponent(jid)}/admin`}
        />
      </ConfirmDialog>
    </div>
  );
}
