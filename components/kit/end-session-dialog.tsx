"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Equivalent } from "./equivalent.tsx";
import { JidText } from "./jid-text.tsx";
import { ReasonField } from "./reason-field.tsx";
import { toast } from "./toast.ts";

/** Ends one session (full JID) or all of an account (bare JID). */
export function EndSessionDialog({ jid, onClose }: { jid: string | null; onClose: () => void }) {
  const t = useTranslations();
  const [reason, setReason] = useState("");
  const end = useMutation(api.sessions.end.mutationOptions({ meta: { inline: true } }));
  const close = () => {
    setReason("");
    onClose();
  };
  return (
    <ConfirmDialog
      open={jid !== null}
      onOpenChange={(open) => !open && close()}
      title={t("sessions.endTitle")}
      text={t("sessions.endText")}
      confirm={t("sessions.end")}
      danger
      onConfirm={async () => {
        const { ended } = await end.mutateAsync({ jid: jid ?? "", reason });
        toast.success(t("sessions.ended", { count: ended }));
      }}
    >
      {jid ? (
        <p className="rounded-control bg-sunken px-3 py-2">
          <JidText jid={jid} />
        </p>
      ) : null}
      <ReasonField value={reason} onChange={setReason} />
      <Equivalent
        command={commandLine("nightpost", "kick_user", ...kickWords(jid ?? ""))}
        method="POST"
        path="/sessions/end"
        body={{ jid, reason }}
      />
    </ConfirmDialog>
  );
}

function kickWords(jid: string): string[] {
  const [bare = ""] = jid.split("/");
  return bare.split("@");
}
