"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ChangesList } from "@/components/kit/changes-list.tsx";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { HostSetting } from "@/lib/contracts/hosts.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { useSettingName } from "./setting-columns.tsx";

interface Props {
  host: string;
  setting: HostSetting;
  onClose: () => void;
}

/** Makes the default hold again, after showing what that changes; whoever may roll the policy back can undo it. */
export function ResetDialog({ host, setting, onClose }: Props) {
  const t = useTranslations("hosts");
  const common = useTranslations("common");
  const may = useMay();
  const nameOf = useSettingName();
  const reset = useMutation(api.hosts.resetSetting.mutationOptions({ meta: { inline: true } }));
  const rollback = useMutation(api.policy.rollback.mutationOptions());
  const { kind, name, changes } = setting;
  const named = name === "" ? {} : { name };
  const title = { name: nameOf(setting), host };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("resetTitle", title)}
      text={t("resetText")}
      confirm={t("reset")}
      onConfirm={async () => {
        const { revision } = await reset.mutateAsync({ host, kind, ...named });
        const undo = { label: common("undo"), onClick: () => rollback.mutate({ id: revision.id - 1 }) };
        toast.success(t("resetDone", title), {
          duration: 10_000,
          ...(may("policy.rollback") ? { action: undo } : {}),
        });
      }}
    >
      <ChangesList changes={changes.map(({ path, before, after }) => ({ path, before: after, after: before }))} />
      <Equivalent
        command={commandLine("nightpost", "host", "reset", host, kind, ...(name === "" ? [] : [name]))}
        method="DELETE"
        path={`/hosts/${encodeURIComponent(host)}/settings/${kind}`}
        body={named}
      />
    </ConfirmDialog>
  );
}
