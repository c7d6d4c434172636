"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import type { RoomFilter } from "@/lib/contracts/rooms.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { RemovalProgress } from "./removal-progress.tsx";

interface Props {
  open: boolean;
  filter: RoomFilter;
  onClose: () => void;
}

/** Shows what a filter matches before anything is destroyed, and then how far it is. */
export function DestroyManyDialog({ open, filter, onClose }: Props) {
  const t = useTranslations("rooms");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("destroyManyTitle")}
      description={t("destroyManyText")}
      size="md"
    >
      {open ? <Content filter={filter} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ filter, onClose }: Omit<Props, "open">) {
  const t = useTranslations();
  const id = useId();
  const format = useFormatter();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const counted = useQuery(api.rooms.countMatching.queryOptions({ input: filter, gcTime: 0 }));
  const destroy = useMutation(api.rooms.removeMatching.mutationOptions({ meta: { inline: true } }));
  if (destroy.data) return <RemovalProgress started={destroy.data} onClose={onClose} />;
  const matching = counted.data?.matching ?? 0;
  const wanted = t("rooms.destroyManyTyped", { count: matching });
  const body = { ...filter, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    destroy.mutate(body);
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {destroy.error ? <ProblemBanner error={destroy.error} /> : null}
        <QueryView query={counted} skeleton={<TableSkeleton rows={5} columns={2} />}>
          {({ sample }) => (
            <>
              <p className="font-medium">{t("rooms.destroyManyCount", { count: matching })}</p>
              <ul className="divide-y divide-line border-y border-line empty:hidden">
                {sample.map((room) => (
                  <li key={room.jid} className="flex flex-wrap justify-between gap-x-4 py-1.5">
                    <JidText jid={room.jid} />
                    <span className="text-meta text-ink-3">
                      <TimeText at={room.usedAt} />
                    </span>
                  </li>
                ))}
                {matching > sample.length ? (
                  <li className="py-1.5 text-ink-3">
                    {t("rooms.destroyManyMore", { count: format.number(matching - sample.length) })}
                  </li>
                ) : null}
              </ul>
            </>
          )}
        </QueryView>
        <Field label={t("common.reason")} htmlFor={`${id}-reason`} note={t("common.optional")}>
          <Input
            id={`${id}-reason`}
            value={reason}
            maxLength={1000}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {matching > 0 ? (
          <Field label={t("common.typeToConfirm", { name: wanted })} htmlFor={`${id}-typed`}>
            <Input
              id={`${id}-typed`}
              value={typed}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        ) : null}
        <Equivalent command={commandOf(filter, reason.trim())} method="POST" path="/rooms/removals" body={body} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="danger" disabled={matching === 0 || typed !== wanted || destroy.isPending}>
          {t("rooms.destroyManyConfirm", { count: matching })}
        </Button>
      </DialogFooter>
    </form>
  );
}

function commandOf({ host, search, occupied, unusedDays, persistent }: RoomFilter, reason: string): string {
  return commandLine(
    ...["nightpost", "room", "destroy-matching"],
    ...(host ? ["--host", host] : []),
    ...(search ? ["--search", search] : []),
    ...(occupied ? [occupied === "no" ? "--empty" : "--occupied"] : []),
    ...(unusedDays ? ["--unused", String(unusedDays)] : []),
    ...(persistent ? [persistent === "yes" ? "--persistent" : "--temporary"] : []),
    ...(reason === "" ? [] : ["--reason", reason]),
  );
}
