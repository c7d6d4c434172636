"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { MadeInvites } from "./made-invites.tsx";

/** A link by which somebody sets a new password without anybody else knowing it. */
export function ResetLink({ jid }: { jid: string }) {
  const t = useTranslations("invites");
  const reset = useMutation(api.invites.resetPassword.mutationOptions({ meta: { inline: true } }));
  const at = jid.lastIndexOf("@");
  return (
    <Panel title={t("resetTitle")}>
      <p className="text-ink-2">{t("resetText")}</p>
      {reset.error ? <ProblemBanner error={reset.error} /> : null}
      <Button className="my-3" onClick={() => reset.mutate({ jid })} disabled={reset.isPending}>
        {t("resetCreate")}
      </Button>
      <Equivalent
        command={commandLine("nightpost", "generate_reset_token", jid.slice(0, at), jid.slice(at + 1))}
        method="POST"
        path={`/users/${encodeURIComponent(jid)}/password/reset`}
      />
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
