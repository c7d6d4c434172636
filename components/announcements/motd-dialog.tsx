"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { TextFields, useAnnouncementText } from "@/components/kit/announcement-text.tsx";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ToggleField } from "@/components/kit/field.tsx";
import { HostField } from "@/components/kit/host-field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useChosenHost } from "@/components/kit/use-chosen-host.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import { api } from "@/lib/api/client.ts";
import type { Motd } from "@/lib/contracts/announcements.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** Sets the message of the day of a host, or changes it. */
export function MotdDialog({ motd, onClose }: { motd: Motd | "new" | null; onClose: () => void }) {
  const t = useTranslations("announcements");
  return (
    <Dialog
      open={motd !== null}
      onOpenChange={(next) => !next && onClose()}
      title={t("motdTitle")}
      description={t("motdText")}
      size="md"
      place="side"
    >
      {motd === null ? null : <Content motd={motd === "new" ? null : motd} onClose={onClose} />}
    </Dialog>
  );
}

function Content({ motd, onClose }: { motd: Motd | null; onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const { hosts, host: chosen, choose } = useChosenHost();
  const text = useAnnouncementText(motd ?? undefined);
  const [isAgain, setAgain] = useState(motd === null);
  const host = motd?.host ?? chosen;
  const set = useMutation(api.announcements.setMotd.mutationOptions({ meta: { inline: true } }));
  const input = { ...text.trimmed, again: isAgain, tellPresent: isAgain };
  const isReady = host !== "" && input.body !== "";
  const submit = async () => {
    await set.mutateAsync({ host, ...input });
    toast.success(t("announcements.motdSaved"));
    onClose();
  };
  return (
    <DialogForm
      error={set.error}
      isReady={isReady}
      isPending={set.isPending}
      onSubmit={submit}
      onClose={onClose}
      confirm={t("announcements.motdSave")}
    >
      {motd === null ? <HostField id={id} hosts={hosts} value={host} onChange={choose} /> : null}
      <TextFields id={id} text={text} />
      {motd === null ? null : (
        <ToggleField label={t("announcements.again")} htmlFor={`${id}-again`} help={t("announcements.againHint")}>
          <Switch
            id={`${id}-again`}
            checked={isAgain}
            aria-describedby={`${id}-again-help`}
            onCheckedChange={setAgain}
          />
        </ToggleField>
      )}
      <Equivalent
        command={commandLine(
          "nightpost",
          "motd",
          "set",
          host,
          input.subject,
          input.body,
          ...(isAgain ? [] : ["--reword"]),
        )}
        method="PUT"
        path={`/motd/${encodeURIComponent(host)}`}
        body={input}
      />
    </DialogForm>
  );
}
