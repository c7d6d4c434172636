"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { ReasonField } from "@/components/kit/reason-field.tsx";
import { SampleList } from "@/components/kit/sample-list.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { SessionFilter } from "@/lib/contracts/sessions.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { SessionJobProgress } from "./session-job-progress.tsx";
import { sessionOptions } from "./session-options.ts";

interface Props {
  open: boolean;
  filter: SessionFilter;
  onClose: () => void;
}

/** Ends all sessions that the filter of the page matches, after saying how many that are. */
export function EndMatchingDialog({ open, filter, onClose }: Props) {
  const t = useTranslations("sessions");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("endManyTitle")}
      description={t("endText")}
      size="md"
    >
      {open ? <Content filter={filter} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ filter, onClose }: Omit<Props, "open">) {
  const t = useTranslations();
  const [reason, setReason] = useState("");
  const counted = useQuery(api.sessions.countMatching.queryOptions({ input: filter, gcTime: 0, staleTime: Infinity }));
  const end = useMutation(api.sessions.endMatching.mutationOptions({ meta: { inline: true } }));
  if (end.data) return <SessionJobProgress started={end.data} onClose={onClose} />;
  const count = counted.data?.matching ?? 0;
  const body = { ...filter, reason };
  return (
    <DialogForm
      error={end.error}
      isReady={count > 0}
      isPending={end.isPending}
      onSubmit={() => end.mutateAsync(body)}
      onClose={onClose}
      confirm={t("sessions.endManyConfirm", { count })}
      danger
    >
      <QueryView query={counted} skeleton={<TableSkeleton rows={5} columns={2} />}>
        {({ matching, accounts, sample }) => (
          <>
            <p role="status" className="font-medium">
              {t("sessions.endManyCount", { count: matching, accounts })}
            </p>
            <SampleList
              matching={matching}
              sample={sample}
              note={({ address }) => <bdi className="font-mono">{address}</bdi>}
            />
          </>
        )}
      </QueryView>
      <ReasonField value={reason} onChange={setReason} />
      <Equivalent command={commandOf(filter, reason)} method="POST" path="/sessions/jobs" body={body} />
    </DialogForm>
  );
}

function commandOf(filter: SessionFilter, reason: string): string {
  return commandLine(
    ...["nightpost", "sessions", "end"],
    ...sessionOptions(filter),
    ...(reason === "" ? [] : ["--reason", reason]),
  );
}
