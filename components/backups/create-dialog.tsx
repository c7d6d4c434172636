"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { leastPassphrase, PassphraseField } from "./passphrase-field.tsx";

export function CreateBackupDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("backups");
  const [passphrase, setPassphrase] = useState("");
  const create = useMutation(api.backups.create.mutationOptions({ meta: { inline: true } }));
  const isEncrypted = passphrase !== "";
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        setPassphrase("");
        onClose();
      }}
      title={t("create")}
      text={t("createText")}
      confirm={t("createConfirm")}
      isDisabled={isEncrypted && passphrase.length < leastPassphrase}
      onConfirm={async () => {
        await create.mutateAsync({ passphrase: isEncrypted ? passphrase : null });
        toast.success(t("created"));
      }}
    >
      <PassphraseField value={passphrase} help={t("passphraseHelp")} onChange={setPassphrase} />
      <Equivalent
        command={commandLine(...["nightpost", "backup", "create"], ...(isEncrypted ? ["--passphrase-file", "-"] : []))}
        method="POST"
        path="/backups"
        body={{ passphrase: isEncrypted ? "…" : null }}
      />
    </ConfirmDialog>
  );
}
