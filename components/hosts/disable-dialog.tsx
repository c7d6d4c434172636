"use client";

import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { commandLine } from "@/lib/format/shell.ts";

interface Props {
  host: HostSummary;
  onDisable: () => Promise<unknown>;
  onClose: () => void;
}

/** Says whose sessions end when a host is switched off at once. */
export function DisableDialog({ host: { host, online }, onDisable, onClose }: Props) {
  const t = useTranslations("hosts");
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("disableTitle", { host })}
      text={t("disableText", { online })}
      confirm={t("disable")}
      danger
      onConfirm={onDisable}
    >
      <Equivalent
        command={commandLine("nightpost", "host", "disable", host)}
        method="PATCH"
        path={`/hosts/${encodeURIComponent(host)}`}
        body={{ enabled: false }}
      />
    </ConfirmDialog>
  );
}
