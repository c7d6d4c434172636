"use client";

import { useMutation } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { toast } from "@/components/kit/toast.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";

export interface TargetActions {
  onEdit: (target: TargetHealth) => void;
  onTest: (target: TargetHealth) => void;
  onRotate: (target: TargetHealth) => void;
  onRecover: (target: TargetHealth) => void;
  onRemove: (target: TargetHealth) => void;
}

export function TargetMenu({ target, ...actions }: { target: TargetHealth } & TargetActions) {
  const t = useTranslations();
  const { colon } = useJoints();
  const undo = (act: () => void) => ({ duration: 10_000, action: { label: t("common.undo"), onClick: act } });
  const pause = useMutation(api.forward.pauseTarget.mutationOptions());
  const drain = useMutation(api.forward.drainTarget.mutationOptions());
  const may = useMay();
  const { name } = target;
  const { paused, draining, kind } = target.target;
  const setPaused = (next: boolean) =>
    pause.mutate(
      { name, paused: next },
      {
        onSuccess: () =>
          toast.success(
            t(next ? "targets.paused" : "targets.resumed", { name }),
            undo(() => pause.mutate({ name, paused: !next })),
          ),
      },
    );
  const setDraining = (next: boolean) =>
    drain.mutate(
      { name, draining: next },
      {
        onSuccess: () =>
          toast.success(
            t(next ? "targets.drained" : "targets.undrained", { name }),
            undo(() => drain.mutate({ name, draining: !next })),
          ),
      },
    );
  if (!may("forward.setTarget")) return null;
  return (
    <Menu
      trigger={
        <IconButton label={`${t("common.more")}${colon}${name}`} size="sm">
          <Ellipsis aria-hidden className="size-4" />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => actions.onEdit(target)}>{t("common.edit")}</MenuItem>
      <MenuItem onSelect={() => setPaused(!paused)}>
        {t(paused ? "targets.resumeAction" : "targets.pauseAction")}
      </MenuItem>
      <MenuItem onSelect={() => setDraining(!draining)}>
        {t(draining ? "targets.undrainAction" : "targets.drainAction")}
      </MenuItem>
      {kind === "webhook" ? <MenuItem onSelect={() => actions.onRotate(target)}>{t("targets.rotate")}</MenuItem> : null}
      <MenuSeparator />
      <MenuItem onSelect={() => actions.onRecover(target)}>{t("deadLetters.recover")}</MenuItem>
      <MenuItem asChild>
        <Link href={`/forward?target=${encodeURIComponent(name)}`}>{t("targets.openLog")}</Link>
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger onSelect={() => actions.onRemove(target)}>
        {t("targets.remove")}
      </MenuItem>
    </Menu>
  );
}
