"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserClient } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  jid: string;
  client: UserClient | null;
  onClose: () => void;
}

/** Ends the sessions and tokens of one client. */
export function SignOutDialog({ jid, client, onClose }: Props) {
  const t = useTranslations("users");
  const { comma } = useJoints();
  const revoke = useMutation(api.users.revokeClient.mutationOptions({ meta: { inline: true } }));
  const id = client?.id ?? "";
  const names = [client?.software, client?.device].filter((name) => name !== null && name !== undefined);
  return (
    <ConfirmDialog
      open={client !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("signOutTitle")}
      text={t("signOutText", { count: client?.sessions.length ?? 0 })}
      confirm={t("signOut")}
      danger
      onConfirm={async () => {
        await revoke.mutateAsync({ jid, id });
        toast.success(t("signedOut"));
      }}
    >
      <p className="rounded-control bg-sunken px-3 py-2">
        <bdi>{names.length === 0 ? t("unnamedClient") : visible(names.join(comma))}</bdi>
        <bdi className="block font-mono text-meta text-ink-3">{id}</bdi>
      </p>
      {client?.knowsPassword ? <Banner tone="warn">{t("knowsPassword")}</Banner> : null}
      <Equivalent
        command={commandLine("nightpost", "revoke_client", ...jid.split("@"), id)}
        method="DELETE"
        path={`/users/${encodeURIComponent(jid)}/clients/${encodeURIComponent(id)}`}
      />
    </ConfirmDialog>
  );
}
