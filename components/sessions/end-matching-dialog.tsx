"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import type { SessionFilter } from "@/lib/contracts/sessions.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { SessionJobProgress } from "./session-job-progress.tsx";

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
  const id = useId();
  const [reason, setReason] = useState("");
  const counted = useQuery(api.sessions.countMatching.queryOptions({ input: filter, gcTime: 0, staleTime: Infinity }));
  const end = useMutation(api.sessions.endMatching.mutationOptions({ meta: { inline: true } }));
  if (end.data) return <SessionJobProgress started={end.data} onClose={onClose} />;
  const count = counted.data?.matching ?? 0;
  const body = { ...filter, reason };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    end.mutate(body);
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {end.error ? <ProblemBanner error={end.error} /> : null}
        <QueryView query={counted} skeleton={<TableSkeleton rows={5} columns={2} />}>
          {({ matching, accounts, sample }) => (
            <>
              <p role="status" className="font-medium">
                {t("sessions.endManyCount", { count: matching, accounts })}
              </p>
              <ul className="divide-y divide-line border-y border-line empty:hidden">
                {sample.map(({ jid, address }) => (
                  <li key={jid} className="flex flex-wrap justify-between gap-x-4 py-1.5">
                    <JidText jid={jid} />
                    <bdi className="font-mono text-meta text-ink-3">{address}</bdi>
                  </li>
                ))}
                {matching > sample.length ? (
                  <li className="py-1.5 text-ink-3">{t("bulk.more", { count: matching - sample.length })}</li>
                ) : null}
              </ul>
            </>
          )}
        </QueryView>
        <Field label={t("common.reason")} htmlFor={id} note={t("common.optional")}>
          <Input id={id} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Equivalent command={commandOf(filter, reason)} method="POST" path="/sessions/jobs" body={body} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="danger" disabled={count === 0 || end.isPending}>
          {t("sessions.endManyConfirm", { count })}
        </Button>
      </DialogFooter>
    </form>
  );
}

function commandOf({ host, search, transport, idleMinutes, hibernating }: SessionFilter, reason: string): string {
  const given = [
    ...(host ? ["--host", host] : []),
    ...(search ? ["--matching", search] : []),
    ...(transport ? ["--transport", transport] : []),
    ...(idleMinutes ? ["--idle", String(idleMinutes)] : []),
    ...(hibernating ? [hibernating === "yes" ? "--hibernating" : "--connected"] : []),
  ];
  return commandLine(
    ...["nightpost", "sessions", "end"],
    ...(given.length === 0 ? ["--all"] : given),
    ...(reason === "" ? [] : ["--reason", reason]),
  );
}
