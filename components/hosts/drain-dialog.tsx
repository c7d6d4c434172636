"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { commandLine } from "@/lib/format/shell.ts";

const choices = [5, 10, 30, 60, 240] as const;

interface Props {
  host: HostSummary;
  onClose: () => void;
}

/** Lets the sessions of a host run out before it is switched off. */
export function DrainDialog({ host: { host, online }, onClose }: Props) {
  const t = useTranslations("hosts");
  const id = useId();
  const [minutes, setMinutes] = useState<number>(10);
  const drain = useMutation(api.hosts.drain.mutationOptions({ meta: { inline: true } }));
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("drainTitle", { host })}
      text={t("drainText", { online })}
      confirm={t("drain")}
      danger
      onConfirm={async () => {
        await drain.mutateAsync({ host, minutes });
        toast.success(t("draining", { host }));
      }}
    >
      <Field label={t("drainMinutes")} htmlFor={id}>
        <Select id={id} value={String(minutes)} onChange={(event) => setMinutes(Number(event.target.value))}>
          {choices.map((each) => (
            <option key={each} value={each}>
              {t("minutes", { count: each })}
            </option>
          ))}
        </Select>
      </Field>
      <Equivalent
        command={commandLine("nightpost", "host", "drain", host, "--minutes", String(minutes))}
        method="POST"
        path={`/hosts/${encodeURIComponent(host)}/drain`}
        body={{ minutes }}
      />
    </ConfirmDialog>
  );
}
