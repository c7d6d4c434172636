"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import {
  AnnouncementPaceField,
  announcementPaces,
  type AnnouncementPace,
} from "@/components/kit/announcement-pace.tsx";
import { TextFields, useAnnouncementText } from "@/components/kit/announcement-text.tsx";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { HostField } from "@/components/kit/host-field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { useSettled } from "@/components/kit/use-settled.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import { useMe } from "@/lib/api/me.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { AudienceFields } from "./audience-fields.tsx";
import { useAudience } from "./use-audience.ts";

const settleMs = 400;

export function SendDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("announcements");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("createTitle")}
      description={t("createText")}
      size="md"
      place="side"
    >
      {open ? <Content onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const hosts = useHosts();
  const mayAll = useMe().data?.hosts === null;
  const [scope] = useHost();
  const [chosen, setChosen] = useState(scope ?? "");
  const form = useAudience();
  const text = useAnnouncementText();
  const [pace, setPace] = useState<AnnouncementPace>("normal");
  const host = hosts.includes(chosen) ? chosen : mayAll && hosts.length > 1 ? undefined : hosts[0];
  const whom = { ...(host === undefined ? {} : { host }), audience: form.audience };
  const settled = useSettled(JSON.stringify(whom), settleMs);
  const isCounted = form.kind !== "selection";
  const counted = useQuery(
    api.announcements.count.queryOptions({
      input: JSON.parse(settled) as typeof whom,
      enabled: isCounted && hosts.length > 0 && settled === JSON.stringify(whom),
    }),
  );
  const count = isCounted ? counted.data?.count : form.jids.length;
  const send = useMutation(api.announcements.send.mutationOptions({ meta: { inline: true } }));
  const input = {
    ...whom,
    ...text.trimmed,
    jids: isCounted ? [] : form.jids,
    perSecond: announcementPaces[pace],
  };
  const isReady = input.body !== "" && count !== undefined && count > 0;
  const submit = async () => {
    const { matching } = await send.mutateAsync(input);
    toast.success(t("announcements.begun", { count: matching }));
    onClose();
  };

  return (
    <DialogForm
      error={send.error}
      isReady={isReady}
      isPending={send.isPending}
      onSubmit={submit}
      onClose={onClose}
      confirm={count === undefined || count === 0 ? t("announcements.send") : t("announcements.sendConfirm", { count })}
      note={
        <span role="status" className="mr-auto self-center text-ink-2">
          {count === undefined
            ? t("announcements.counting")
            : t(counted.data?.isExact === false ? "announcements.countedAtLeast" : "announcements.counted", { count })}
        </span>
      }
    >
      <HostField id={id} hosts={hosts} value={host ?? ""} onChange={setChosen} mayAll={mayAll} />
      <AudienceFields id={id} form={form} />
      <TextFields id={id} text={text} />
      <AnnouncementPaceField id={id} value={pace} onChange={setPace} />
      <Equivalent
        command={commandLine(
          "nightpost",
          "announce",
          "send",
          host ?? "all",
          input.subject,
          input.body,
          ...(form.kind === "online" ? ["--online"] : form.kind === "selection" ? ["--to", form.jids.join(",")] : []),
        )}
        method="POST"
        path="/announcements"
        body={input}
      />
    </DialogForm>
  );
}
