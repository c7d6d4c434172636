"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ReasonField } from "@/components/kit/reason-field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { roomPath } from "./room-href.ts";

export function BanDialog({ room, jid, onClose }: { room: string; jid: string | null; onClose: () => void }) {
  const t = useTranslations("rooms");
  const [reason, setReason] = useState("");
  const affiliate = useMutation(api.rooms.affiliate.mutationOptions({ meta: { inline: true } }));
  const shown = visible(jid ?? "");
  const change = {
    jid: jid ?? "",
    affiliation: "outcast" as const,
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
  };
  return (
    <ConfirmDialog
      open={jid !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("banTitle", { jid: shown })}
      text={t("banText")}
      confirm={t("ban")}
      danger
      onConfirm={async () => {
        const { failed } = await affiliate.mutateAsync({ jid: room, changes: [change] });
        const [refused] = failed;
        if (refused) throw new Error(refused.reason);
        toast.success(t("banned", { jid: shown }));
        setReason("");
      }}
    >
      <ReasonField value={reason} onChange={setReason} maxLength={1000} />
      <Equivalent
        command={commandLine(
          ...["nightpost", "room", "affiliate", room, change.jid, "outcast"],
          ...(change.reason === undefined ? [] : ["--reason", change.reason]),
        )}
        method="POST"
        path={`${roomPath(room)}/affiliations`}
        body={{ changes: [change] }}
      />
    </ConfirmDialog>
  );
}
