"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import type { RegistrationApplication } from "@/lib/contracts/registration.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  open: boolean;
  applications: RegistrationApplication[];
  onClose: () => void;
}

const path = "/registration/applications";

export function ApproveDialog({ open, applications, onClose }: Props) {
  const t = useTranslations("registration");
  const approve = useMutation(api.registration.approve.mutationOptions({ meta: { inline: true } }));
  const jids = applications.map(({ jid }) => jid);
  const tell = useTell();
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("approveTitle", { count: jids.length })}
      text={t("approveText")}
      confirm={t("approve")}
      onConfirm={async () => tell("approved", await approve.mutateAsync({ jids }))}
    >
      <Names applications={applications} />
      <Equivalent
        command={commandLine("nightpost", "registration", "approve", ...jids)}
        method="POST"
        path={`${path}/approve`}
        body={{ jids }}
      />
    </ConfirmDialog>
  );
}

const templates = ["unknown", "name", "spam"] as const;

export function DenyDialog({ open, applications, onClose }: Props) {
  const t = useTranslations("registration");
  const common = useTranslations("common");
  const id = useId();
  const [reason, setReason] = useState("");
  const deny = useMutation(api.registration.deny.mutationOptions({ meta: { inline: true } }));
  const jids = applications.map(({ jid }) => jid);
  const tell = useTell();
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("denyTitle", { count: jids.length })}
      text={t("denyText")}
      confirm={t("refuse")}
      danger
      onConfirm={async () => {
        tell("refused", await deny.mutateAsync({ jids, reason }));
        setReason("");
      }}
    >
      <Names applications={applications} />
      <Field label={common("reason")} htmlFor={id} help={t("denyReasonHint")} note={common("optional")}>
        <Input
          id={id}
          value={reason}
          maxLength={500}
          aria-describedby={`${id}-help`}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        {templates.map((name) => (
          <Button key={name} size="sm" onClick={() => setReason(t(`denyReasons.${name}`))}>
            {t(`denyReasons.${name}`)}
          </Button>
        ))}
      </div>
      <Equivalent
        command={commandLine(
          ...["nightpost", "registration", "deny", ...jids],
          ...(reason === "" ? [] : ["--reason", reason]),
        )}
        method="POST"
        path={`${path}/deny`}
        body={{ jids, reason }}
      />
    </ConfirmDialog>
  );
}

/** Says how many were decided, and that others had gone meanwhile. */
function useTell() {
  const t = useTranslations("registration");
  return (what: "approved" | "refused", { done, failed }: { done: number; failed: readonly unknown[] }) => {
    if (done > 0) toast.success(t(what, { count: done }));
    if (failed.length > 0) toast.error(t("notDecided", { count: failed.length }));
  };
}

function Names({ applications }: { applications: RegistrationApplication[] }) {
  return (
    <ul className="max-h-48 divide-y divide-line overflow-y-auto border-y border-line empty:hidden">
      {applications.map(({ jid, message }) => (
        <li key={jid} className="py-1.5">
          <JidText jid={jid} />
          {message ? <bdi className="block text-meta wrap-anywhere text-ink-2">{visible(message)}</bdi> : null}
        </li>
      ))}
    </ul>
  );
}
