"use client";

import { useMutation } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { toast } from "@/components/kit/toast.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { DisableDialog } from "./disable-dialog.tsx";
import { DrainDialog } from "./drain-dialog.tsx";
import { RemoveHostDialog } from "./remove-host-dialog.tsx";

interface Props {
  host: HostSummary;
  onRemoved?: () => void;
}

/** Switching a host on and off, at once or after a while, and taking it away. */
export function HostMenu({ host: row, onRemoved }: Props) {
  const t = useTranslations();
  const { colon } = useJoints();
  const [dialog, setDialog] = useState<"disable" | "drain" | "remove" | null>(null);
  const update = useMutation(api.hosts.update.mutationOptions());
  const stop = useMutation(api.hosts.stopDraining.mutationOptions());
  const { host, enabled, drainUntil } = row;
  const close = () => setDialog(null);
  const setEnabled = async (next: boolean) => {
    await update.mutateAsync({ host, enabled: next });
    toast.success(t(next ? "hosts.enabledDone" : "hosts.disabledDone", { host }));
  };
  return (
    <May call="hosts.update" host={host}>
      <Menu
        trigger={
          <IconButton label={`${t("common.more")}${colon}${host}`} size="sm">
            <Ellipsis aria-hidden className="size-4" />
          </IconButton>
        }
      >
        {drainUntil === null ? null : (
          <MenuItem
            onSelect={() =>
              stop.mutate({ host }, { onSuccess: () => toast.success(t("hosts.drainStopped", { host })) })
            }
          >
            {t("hosts.stopDraining")}
          </MenuItem>
        )}
        {enabled ? (
          <>
            {drainUntil === null ? (
              <MenuItem onSelect={() => setDialog("drain")}>{t("hosts.drainMenu")}</MenuItem>
            ) : null}
            <MenuItem onSelect={() => setDialog("disable")}>{t("hosts.disableMenu")}</MenuItem>
          </>
        ) : (
          <MenuItem onSelect={() => void setEnabled(true)}>{t("hosts.enable")}</MenuItem>
        )}
        <MenuSeparator />
        <MenuItem danger onSelect={() => setDialog("remove")}>
          {t("hosts.remove")}
        </MenuItem>
      </Menu>
      {dialog === "drain" ? <DrainDialog host={row} onClose={close} /> : null}
      {dialog === "disable" ? <DisableDialog host={row} onDisable={() => setEnabled(false)} onClose={close} /> : null}
      {dialog === "remove" ? (
        <RemoveHostDialog host={row} onClose={close} {...(onRemoved ? { onRemoved } : {})} />
      ) : null}
    </May>
  );
}
