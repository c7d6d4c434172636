"use client";

import { Ellipsis } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { toast } from "@/components/kit/toast.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { useMay, useMe } from "@/lib/api/me.ts";
import type { User } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { userOptions } from "./bulk-command.ts";
import { useUserActions } from "./use-user-actions.ts";

const AnnounceDialog = dynamic(
  () => import("@/components/kit/announce-dialog.tsx").then((part) => part.AnnounceDialog),
  { ssr: false },
);
const EndSessionDialog = dynamic(
  () => import("@/components/kit/end-session-dialog.tsx").then((part) => part.EndSessionDialog),
  { ssr: false },
);
const ResetDialog = dynamic(() => import("@/components/invites/reset-dialog.tsx").then((part) => part.ResetDialog), {
  ssr: false,
});
const DeleteDialog = dynamic(() => import("./delete-dialog.tsx").then((part) => part.DeleteDialog), { ssr: false });
const SuspendDialog = dynamic(() => import("./suspend-dialog.tsx").then((part) => part.SuspendDialog), { ssr: false });

/** What can be done to an account from every tab of its page. Nobody suspends or deletes themselves. */
export function UserMenu({ user }: { user: User }) {
  const t = useTranslations();
  const { colon } = useJoints();
  const router = useRouter();
  const me = useMe();
  const may = useMay();
  const actions = useUserActions();
  const [dialog, setDialog] = useState<"announce" | "reset" | "end" | "suspend" | "delete" | null>(null);
  const toggle = (name: typeof dialog) => (open: boolean) => setDialog(open ? name : null);
  const { jid, host, online, suspended } = user;
  const isOther = me.data !== undefined && me.data.name !== jid;
  const mayAnnounce = may("announcements.send", host);
  const mayReset = may("invites.resetPassword", host);
  const mayEnd = online > 0 && may("sessions.end", host);
  const maySuspend = isOther && may("users.suspend", host);
  const mayDelete = isOther && may("users.remove", host);
  const resume = async () => {
    const count = await actions.resume([user]);
    if (count > 0) toast.success(t("users.resumed", { count }));
  };
  if (!mayAnnounce && !mayReset && !mayEnd && !maySuspend && !mayDelete) return null;
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`${t("common.more")}${colon}${visible(jid)}`}>
            <Ellipsis aria-hidden className="size-4" />
          </IconButton>
        }
      >
        {mayAnnounce ? <MenuItem onSelect={() => setDialog("announce")}>{t("bulk.announce")}</MenuItem> : null}
        {mayReset ? <MenuItem onSelect={() => setDialog("reset")}>{t("invites.resetMenu")}</MenuItem> : null}
        {mayEnd ? <MenuItem onSelect={() => setDialog("end")}>{t("sessions.end")}</MenuItem> : null}
        {maySuspend ? (
          <MenuItem onSelect={() => (suspended ? void resume() : setDialog("suspend"))}>
            {t(suspended ? "users.resume" : "users.suspend")}
          </MenuItem>
        ) : null}
        {mayDelete ? (
          <>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setDialog("delete")}>
              {t("users.delete")}
            </MenuItem>
          </>
        ) : null}
      </Menu>
      <AnnounceDialog
        audience={dialog === "announce" ? { kind: "users", filter: { only: [jid] } } : null}
        host={host}
        command={(subject, body) =>
          commandLine("nightpost", "users", "announce", subject, body, ...userOptions({ host, only: [jid] }))
        }
        onClose={() => setDialog(null)}
      />
      <ResetDialog jid={dialog === "reset" ? jid : null} onClose={() => setDialog(null)} />
      <EndSessionDialog jid={dialog === "end" ? jid : null} onClose={() => setDialog(null)} />
      <SuspendDialog open={dialog === "suspend"} onOpenChange={toggle("suspend")} users={[user]} />
      <DeleteDialog
        open={dialog === "delete"}
        onOpenChange={toggle("delete")}
        users={[user]}
        onDone={() => router.replace("/users")}
      />
    </>
  );
}
