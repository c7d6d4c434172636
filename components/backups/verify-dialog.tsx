"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { api } from "@/lib/api/client.ts";
import type { Backup } from "@/lib/contracts/backups.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { PassphraseField } from "./passphrase-field.tsx";

/** Restores a backup into a directory of its own, to see whether it would do. */
export function VerifyDialog({ backup, onClose }: { backup: Backup | null; onClose: () => void }) {
  const t = useTranslations("backups");
  const sentence = useSentence();
  const [passphrase, setPassphrase] = useState("");
  const verify = useMutation(api.backups.verify.mutationOptions({ meta: { inline: true } }));
  const id = backup?.id ?? "";
  return (
    <ConfirmDialog
      open={backup !== null}
      onOpenChange={(open) => {
        if (open) return;
        setPassphrase("");
        onClose();
      }}
      title={t("verifyTitle")}
      text={t("verifyText", { id })}
      confirm={t("verify").replace("…", "")}
      onConfirm={async () => {
        const { check } = await verify.mutateAsync({ id, passphrase: passphrase === "" ? null : passphrase });
        if (check?.ok) toast.success(t("sound"));
        else toast.error(sentence(check?.reason ?? ""));
      }}
    >
      {backup?.encrypted ? (
        <PassphraseField value={passphrase} help={t("passphraseKept")} onChange={setPassphrase} />
      ) : null}
      <Equivalent
        command={commandLine("nightpost", "backup", "verify", id)}
        method="POST"
        path={`/backups/${id}/verify`}
        body={{}}
      />
    </ConfirmDialog>
  );
}
