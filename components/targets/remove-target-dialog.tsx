"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { commandLine } from "@/lib/format/shell.ts";

const backlogs = ["dead", "cancel"] as const;

/** Asks what becomes of what still waits, where something does. */
export function RemoveTargetDialog({ target, onClose }: { target: TargetHealth | null; onClose: () => void }) {
  const t = useTranslations("targets");
  const [backlog, setBacklog] = useState<(typeof backlogs)[number]>("dead");
  const remove = useMutation(api.forward.removeTarget.mutationOptions({ meta: { inline: true } }));
  const name = target?.name ?? "";
  const waiting = target?.backlog ?? 0;
  return (
    <ConfirmDialog
      open={target !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("removeTitle", { name })}
      text={t("removeText", { count: waiting })}
      confirm={t("remove").replace("…", "")}
      danger
      typed={name}
      onConfirm={async () => {
        await remove.mutateAsync({ name, backlog });
        toast.success(t("removed", { name }));
      }}
    >
      {waiting > 0 ? (
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t("backlog")}</span>
          <Segmented
            label={t("backlog")}
            value={backlog}
            onChange={setBacklog}
            options={backlogs.map((value) => ({ value, label: t(`backlogs.${value}`) }))}
            className="self-start"
          />
          <p className="text-meta text-ink-3">{t(`backlogTexts.${backlog}`)}</p>
        </div>
      ) : null}
      <Equivalent
        command={commandLine(
          ...["nightpost", "forward", "target", "remove", name],
          ...(backlog === "cancel" ? ["--cancel-pending"] : []),
        )}
        method="DELETE"
        path={`/forward/targets/${encodeURIComponent(name)}`}
        body={{ backlog }}
      />
    </ConfirmDialog>
  );
}
