"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { MadeInvites } from "./made-invites.tsx";
import { resetRequest } from "./reset-request.ts";

/** A link by which somebody sets a new password without anybody else knowing it. */
export function ResetLink({ jid }: { jid: string }) {
  const t = useTranslations("invites");
  const reset = useMutation(api.invites.resetPassword.mutationOptions({ meta: { inline: true } }));
  return (
    <Panel title={t("resetTitle")}>
      <p className="text-ink-2">{t("resetText")}</p>
      {reset.error ? <ProblemBanner error={reset.error} /> : null}
      <Button className="my-3" onClick={() => reset.mutate({ jid })} disabled={reset.isPending}>
        {t("resetCreate")}
      </Button>
      <Equivalent {...resetRequest(jid)} />
      <Dialog
        open={reset.data !== undefined}
        onOpenChange={(open) => !open && reset.reset()}
        title={t("resetTitle")}
        size="md"
      >
        {reset.data ? <MadeInvites invites={[reset.data]} onClose={() => reset.reset()} /> : null}
      </Dialog>
    </Panel>
  );
}
