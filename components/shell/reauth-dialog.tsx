"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { LoginForm } from "@/components/login/login-form.tsx";
import { Dialog, DialogBody } from "@/components/ui/dialog.tsx";
import { useLive } from "@/lib/api/live-context.ts";
import { sessionEnded, useSessionEnded } from "@/lib/auth/session-ended.ts";

/** Asks for the password over the page, which keeps what was typed into it. */
export function ReauthDialog() {
  const t = useTranslations("shell.reauth");
  const isEnded = useSessionEnded();
  const queries = useQueryClient();
  const live = useLive();
  const resume = () => {
    sessionEnded.set(false);
    live.reconnect();
    void queries.invalidateQueries();
  };
  return (
    <Dialog open={isEnded} onOpenChange={(open) => sessionEnded.set(open)} title={t("title")} description={t("text")}>
      <DialogBody>
        <LoginForm onDone={resume} />
      </DialogBody>
    </Dialog>
  );
}
