"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { commandLine } from "@/lib/format/shell.ts";

const fates = ["dead", "move", "cancel"] as const;
type Fate = (typeof fates)[number];

interface Props {
  target: TargetHealth | null;
  /** All there are. */
  targets: readonly TargetHealth[];
  onClose: () => void;
}

/** Asks what becomes of what still waits, where something does. */
export function RemoveTargetDialog({ target, targets, onClose }: Props) {
  const t = useTranslations("targets");
  const id = useId();
  const [wanted, setWanted] = useState<Fate>("dead");
  const [chosen, setChosen] = useState<string | null>(null);
  const heirs = heirsOf(target, targets);
  const to = heirs.find((name) => name === chosen) ?? heirs[0];
  const fate = wanted === "move" && to === undefined ? "dead" : wanted;
  const request = { backlog: fate === "cancel" ? "cancel" : "dead", ...(fate === "move" ? { to } : {}) } as const;
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
        const { replay } = await remove.mutateAsync({ name, ...request });
        toast.success(replay === null ? t("removed", { name }) : t("removedTo", { name, to: replay.to ?? "" }));
      }}
    >
      {waiting > 0 ? (
        <div className="flex flex-col gap-2">
          <span className="font-medium">{t("backlog")}</span>
          <Segmented
            label={t("backlog")}
            value={fate}
            onChange={setWanted}
            options={fates
              .filter((value) => value !== "move" || to !== undefined)
              .map((value) => ({ value, label: t(`backlogs.${value}`) }))}
            className="self-start"
          />
          {fate === "move" && to !== undefined ? (
            <Field label={t("heir")} htmlFor={id}>
              <Select id={id} value={to} onChange={(event) => setChosen(event.target.value)} className="w-56">
                {heirs.map((heir) => (
                  <option key={heir}>{heir}</option>
                ))}
              </Select>
            </Field>
          ) : null}
          <p className="text-meta text-ink-3">{t(`backlogTexts.${fate}`)}</p>
        </div>
      ) : null}
      <Equivalent
        command={commandLine(
          ...["nightpost", "forward", "target", "remove", name],
          ...(fate === "cancel" ? ["--cancel-pending"] : []),
          ...(fate === "move" && to !== undefined ? ["--to", to] : []),
        )}
        method="DELETE"
        path={`/forward/targets/${encodeURIComponent(name)}`}
        body={request}
      />
    </ConfirmDialog>
  );
}

/** Web servers can have what another one was to get; what is for devices can go nowhere else. */
function heirsOf(target: TargetHealth | null, targets: readonly TargetHealth[]): string[] {
  if (target?.target.kind !== "webhook") return [];
  return targets.filter((one) => one.target.kind === "webhook" && one.name !== target.name).map(({ name }) => name);
}
