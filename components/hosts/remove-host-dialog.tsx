"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { toast } from "@/components/kit/toast.ts";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { commandLine } from "@/lib/format/shell.ts";

interface Props {
  host: HostSummary;
  onClose: () => void;
  onRemoved?: () => void;
}

/** Says what ends with the host, and how to keep a copy of it. */
export function RemoveHostDialog({ host: { host, users, offlineMessages }, onClose, onRemoved }: Props) {
  const t = useTranslations("hosts");
  const detail = useQuery(api.hosts.get.queryOptions({ input: { host }, gcTime: 0 }));
  const remove = useMutation(api.hosts.remove.mutationOptions({ meta: { inline: true } }));
  const copy = commandLine("nightpost", "export", "host", host, `${host}.xml`);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("removeTitle", { host })}
      text={t("removeText", { users, messages: offlineMessages, rooms: detail.data?.rooms ?? 0 })}
      confirm={t("removeConfirm")}
      isDisabled={detail.isPending}
      danger
      typed={host}
      onConfirm={async () => {
        await remove.mutateAsync({ host, confirm: host });
        toast.success(t("removed", { host }));
        onRemoved?.();
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
        command={commandLine("nightpost", "host", "remove", host)}
        method="DELETE"
        path={`/hosts/${encodeURIComponent(host)}`}
        body={{ confirm: host }}
      />
    </ConfirmDialog>
  );
}
