"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ToggleField } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { commandLine } from "@/lib/format/shell.ts";

export function RemoveTargetDialog({ target, onClose }: { target: TargetHealth | null; onClose: () => void }) {
  const t = useTranslations("targets");
  const id = useId();
  const [cancelPending, setCancel] = useState(false);
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
      isDisabled={waiting > 0 && !cancelPending}
      onConfirm={async () => {
        await remove.mutateAsync({ name, cancelPending });
        toast.success(t("removed", { name }));
      }}
    >
      {waiting > 0 ? (
        <ToggleField label={t("cancelPending")} htmlFor={id}>
          <Checkbox id={id} checked={cancelPending} onChange={(event) => setCancel(event.target.checked)} />
        </ToggleField>
      ) : null}
      <Equivalent
        command={commandLine("nightpost", "forward", "target", "remove", name)}
        method="DELETE"
        path={`/forward/targets/${encodeURIComponent(name)}?cancelPending=${cancelPending}`}
      />
    </ConfirmDialog>
  );
}
