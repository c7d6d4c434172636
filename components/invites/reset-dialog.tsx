"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import { MadeInvites } from "./made-invites.tsx";
import { resetRequest } from "./reset-request.ts";

/** Asks before a link is made: an earlier one of the account is worthless from then on. Shows it once. */
export function ResetDialog({ jid, onClose }: { jid: string | null; onClose: () => void }) {
  const t = useTranslations("invites");
  return (
    <Dialog
      open={jid !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("resetTitle")}
      description={t("resetText")}
      size="md"
    >
      {jid === null ? null : <Content jid={jid} onClose={onClose} />}
    </Dialog>
  );
}

function Content({ jid, onClose }: { jid: string; onClose: () => void }) {
  const t = useTranslations("invites");
  const reset = useMutation(api.invites.resetPassword.mutationOptions({ meta: { inline: true } }));
  if (reset.data) return <MadeInvites invites={[reset.data]} onClose={onClose} />;
  return (
    <DialogForm
      error={reset.error}
      isPending={reset.isPending}
      onSubmit={() => reset.mutate({ jid })}
      onClose={onClose}
      confirm={t("resetCreate")}
    >
      <Equivalent {...resetRequest(jid)} />
    </DialogForm>
  );
}
