"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { toast } from "@/components/kit/toast.ts";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** Says what ends with the host, and how to keep a copy of it. */
export function RemoveHostDialog({ host, onClose }: { host: HostSummary | null; onClose: () => void }) {
  const t = useTranslations("hosts");
  const remove = useMutation(api.hosts.remove.mutationOptions({ meta: { inline: true } }));
  const name = host?.host ?? "";
  const copy = commandLine("nightpost", "export", "host", name, `${name}.xml`);
  return (
    <ConfirmDialog
      open={host !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("removeTitle", { host: name })}
      text={t("removeText", { users: host?.users ?? 0, messages: host?.offlineMessages ?? 0 })}
      confirm={t("remove").replace("…", "")}
      danger
      typed={name}
      onConfirm={async () => {
        await remove.mutateAsync({ host: name, confirm: name });
        toast.success(t("removed", { host: name }));
      }}
    >
      <div className="flex flex-col gap-1">
        <p className="text-ink-2">{t("removeExport")}</p>
        <p className="flex items-center gap-1">
          <code className="min-w-0 rounded-badge bg-sunken px-2 py-1 font-mono text-meta wrap-anywhere">{copy}</code>
          <CopyButton text={copy} />
        </p>
      </div>
      <Equivalent
        command={commandLine("nightpost", "host", "remove", name)}
        method="DELETE"
        path={`/hosts/${encodeURIComponent(name)}`}
        body={{ confirm: name }}
      />
    </ConfirmDialog>
  );
}
