"use client";

import { useMutation } from "@tanstack/react-query";
import { Download, Hourglass, Send } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { saveFile } from "@/components/kit/save-file.ts";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { api, client } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { ExtendDialog } from "./extend-dialog.tsx";

interface Props {
  jid: string;
  online: number;
}

const pageSize = 500;

/** What can be done with all that waits for an account. */
export function QueueActions({ jid, online }: Props) {
  const t = useTranslations("offline");
  const host = jid.slice(jid.indexOf("@") + 1);
  const [isForwarding, setForwarding] = useState(false);
  const [isExtending, setExtending] = useState(false);
  const deliver = useMutation(api.offline.deliver.mutationOptions({ onSuccess: () => toast.success(t("delivering")) }));
  const save = useMutation({
    mutationFn: () => exportOf(jid),
    onSuccess: (count) => toast.success(t("exported", { count })),
  });
  return (
    <>
      <May call="offline.export" host={host}>
        <Button onClick={() => save.mutate()} disabled={save.isPending}>
          <Download aria-hidden className="size-3.5" />
          {t("export")}
        </Button>
      </May>
      <May call="offline.extend" host={host}>
        <Button onClick={() => setExtending(true)}>
          <Hourglass aria-hidden className="size-3.5" />
          {t("extend")}
        </Button>
      </May>
      <May call="offline.forward" host={host}>
        <Button onClick={() => setForwarding(true)}>
          <Send aria-hidden className="size-3.5" />
          {t("forward")}
        </Button>
      </May>
      <May call="offline.deliver" host={host}>
        <Button
          variant="primary"
          disabled={online === 0 || deliver.isPending}
          title={online === 0 ? t("deliverNobody") : undefined}
          onClick={() => deliver.mutate({ jid })}
        >
          {t("deliver")}
        </Button>
      </May>
      <ExtendDialog scope={{ jid, ids: null }} open={isExtending} onClose={() => setExtending(false)} />
      <ForwardDialog jid={jid} ids={null} open={isForwarding} onClose={() => setForwarding(false)} />
    </>
  );
}

interface ForwardProps {
  jid: string;
  /** null: the oldest of them. */
  ids: readonly number[] | null;
  open: boolean;
  onClose: () => void;
}

export function ForwardDialog({ jid, ids, open, onClose }: ForwardProps) {
  const t = useTranslations("offline");
  const forward = useMutation(api.offline.forward.mutationOptions({ meta: { inline: true } }));
  const body = ids === null ? {} : { ids: [...ids] };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("forwardTitle")}
      text={t("forwardText")}
      confirm={t("forwardConfirm", { count: ids?.length ?? 0 })}
      onConfirm={async () => {
        const { planned, retried } = await forward.mutateAsync({ jid, ...body });
        toast.success(t("forwarded", { planned, retried }));
      }}
    >
      <Equivalent
        command={commandLine("nightpost", "offline", "forward", jid, ...(ids ?? []).map(String))}
        method="POST"
        path={`/offline/${encodeURIComponent(jid)}/forward`}
        body={body}
      />
    </ConfirmDialog>
  );
}

/** Everything that waits, as one file; answers how many messages it has. */
async function exportOf(jid: string): Promise<number> {
  const parts: string[] = [];
  let count = 0;
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: { xml: string; messages: number; nextCursor: string | null } = await client.offline.export({
      jid,
      limit: pageSize,
      ...(cursor === "" ? {} : { cursor }),
    });
    parts.push(page.xml);
    count += page.messages;
    cursor = page.nextCursor;
  }
  saveFile(`${jid}.xml`, "application/xml", `${parts.join("\n")}\n`);
  return count;
}
