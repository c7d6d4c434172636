"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ToggleField } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { EstimateFacts } from "./estimate-facts.tsx";
import { leastPassphrase, PassphraseField } from "./passphrase-field.tsx";

export function CreateBackupDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("backups");
  const id = useId();
  const [passphrase, setPassphrase] = useState("");
  const [uploads, setUploads] = useState(true);
  const estimate = useQuery(api.backups.estimate.queryOptions({ enabled: open, staleTime: 0 }));
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
        await create.mutateAsync({ passphrase: isEncrypted ? passphrase : null, uploads });
        toast.success(t("created"));
      }}
    >
      {estimate.data ? <EstimateFacts estimate={estimate.data} hasUploads={uploads} /> : null}
      <ToggleField label={t("withUploads")} htmlFor={`${id}-uploads`} help={t("withUploadsHelp")}>
        <Checkbox id={`${id}-uploads`} checked={uploads} onChange={(event) => setUploads(event.target.checked)} />
      </ToggleField>
      <PassphraseField value={passphrase} help={t("passphraseHelp")} onChange={setPassphrase} />
      <Equivalent
        command={commandLine(
          ...["nightpost", "backup", "create"],
          ...(isEncrypted ? ["--passphrase-file", "-"] : []),
          ...(uploads ? [] : ["--no-uploads"]),
        )}
        method="POST"
        path="/backups"
        body={{ passphrase: isEncrypted ? "…" : null, uploads }}
      />
    </ConfirmDialog>
  );
}
