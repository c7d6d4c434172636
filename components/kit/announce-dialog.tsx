"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { Announcement, FoundAudience } from "@/lib/contracts/announcements.ts";
import { AnnouncementPaceField, announcementPaces, type AnnouncementPace } from "./announcement-pace.tsx";
import { TextFields, useAnnouncementText } from "./announcement-text.tsx";
import { DialogForm } from "./dialog-form.tsx";
import { Equivalent } from "./equivalent.tsx";
import { JobProgress, jobPollMs } from "./job-progress.tsx";
import { QueryView } from "./query-view.tsx";
import { TableSkeleton } from "./table-skeleton.tsx";

interface Props {
  /** Whom: what a list has found, or what is selected in it. null: closed. */
  audience: FoundAudience | null;
  host: string | undefined;
  /** The command that does the same. */
  command: (subject: string, body: string) => string;
  onClose: (isSent: boolean) => void;
}

/** A message to all that a list has found: how many they are, the text, and then how far it is. */
export function AnnounceDialog({ audience, host, command, onClose }: Props) {
  const t = useTranslations("announcements");
  const [isSent, setSent] = useState(false);
  const close = () => {
    onClose(isSent);
    setSent(false);
  };
  return (
    <Dialog
      open={audience !== null}
      onOpenChange={(open) => !open && close()}
      title={t("createTitle")}
      description={t("createText")}
      size="md"
    >
      {audience ? (
        <Content audience={audience} host={host} command={command} onClose={close} onSent={() => setSent(true)} />
      ) : null}
    </Dialog>
  );
}

interface ContentProps extends Omit<Props, "audience" | "onClose"> {
  audience: FoundAudience;
  onClose: () => void;
  onSent: () => void;
}

function Content({ audience, host, command, onClose, onSent }: ContentProps) {
  const t = useTranslations("announcements");
  const id = useId();
  const text = useAnnouncementText();
  const [pace, setPace] = useState<AnnouncementPace>("normal");
  const whom = { audience, ...(host === undefined ? {} : { host }) };
  const counted = useQuery(api.announcements.count.queryOptions({ input: whom, gcTime: 0, staleTime: Infinity }));
  const send = useMutation(api.announcements.send.mutationOptions({ meta: { inline: true }, onSuccess: onSent }));
  if (send.data) return <Progress started={send.data} onClose={onClose} />;
  const count = counted.data?.count ?? 0;
  const input = { ...whom, ...text.trimmed, perSecond: announcementPaces[pace] };
  return (
    <DialogForm
      error={send.error}
      isReady={count > 0 && input.body !== ""}
      isPending={send.isPending}
      onSubmit={() => send.mutateAsync(input)}
      onClose={onClose}
      confirm={t("sendConfirm", { count })}
    >
      <QueryView query={counted} skeleton={<TableSkeleton rows={1} columns={1} />}>
        {(found) => (
          <p role="status" className="font-medium">
            {t("counted", { count: found.count })}
          </p>
        )}
      </QueryView>
      <TextFields id={id} text={text} />
      <AnnouncementPaceField id={id} value={pace} onChange={setPace} />
      <Equivalent command={command(input.subject, input.body)} method="POST" path="/announcements" body={input} />
    </DialogForm>
  );
}

/** An announcement that the dialog has begun. */
function Progress({ started, onClose }: { started: Announcement; onClose: () => void }) {
  const t = useTranslations("announcements");
  const { id } = started;
  const found = useQuery(
    api.announcements.get.queryOptions({
      input: { id },
      refetchInterval: ({ state }) => ((state.data ?? started).state === "running" ? jobPollMs : false),
    }),
  );
  const stop = useMutation(api.announcements.stop.mutationOptions());
  const { state, sent, skipped, matching } = found.data ?? started;
  return (
    <JobProgress
      label={t("createTitle")}
      text={t("progress", { sent, matching })}
      job={{ state, done: sent + skipped, matching }}
      onStop={() => stop.mutate({ id })}
      isStopping={stop.isPending}
      onClose={onClose}
    />
  );
}
