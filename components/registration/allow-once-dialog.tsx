"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { RegistrationDecision } from "@/lib/contracts/registration.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";

const lifetimes = [15, 60, 1440] as const;

/** Lets the name that was refused be registered from where it was tried, once and for a limited time. */
export function AllowOnceDialog({ decision, onClose }: { decision: RegistrationDecision; onClose: () => void }) {
  const t = useTranslations("registration");
  const id = useId();
  const [minutes, setMinutes] = useState<number>(60);
  const allow = useMutation(api.registration.allowOnce.mutationOptions({ meta: { inline: true } }));
  const { jid, address } = decision;
  const body = { jid, address, minutes };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("allowOnceTitle")}
      text={t("allowOnceText")}
      confirm={t("allowOnce")}
      onConfirm={async () => {
        await allow.mutateAsync(body);
        toast.success(t("allowedOnce", { jid: visible(jid) }));
      }}
    >
      <p className="flex flex-wrap justify-between gap-x-4 rounded-control bg-sunken px-3 py-2">
        <JidText jid={jid} />
        <bdi className="font-mono text-meta text-ink-2">{visible(address)}</bdi>
      </p>
      <Field label={t("allowOnceFor")} htmlFor={id}>
        <Select id={id} value={String(minutes)} onChange={(event) => setMinutes(Number(event.target.value))}>
          {lifetimes.map((each) => (
            <option key={each} value={each}>
              {t(`lifetimes.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Equivalent
        command={commandLine(
          ...["nightpost", "registration", "allow-once", jid, address, "--minutes", String(minutes)],
        )}
        method="POST"
        path="/registration/passes"
        body={body}
      />
    </ConfirmDialog>
  );
}
