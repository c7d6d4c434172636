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
import { TimeText } from "@/components/kit/time-text.tsx";
import { TypedField } from "@/components/kit/typed-field.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
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
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const counted = useQuery(api.rooms.countMatching.queryOptions({ input: filter, gcTime: 0 }));
  const destroy = useMutation(api.rooms.removeMatching.mutationOptions({ meta: { inline: true } }));
  if (destroy.data) return <RemovalProgress started={destroy.data} onClose={onClose} />;
  const matching = counted.data?.matching ?? 0;
  const wanted = t("rooms.destroyManyTyped", { count: matching });
  const body = { ...filter, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
  return (
    <DialogForm
      error={destroy.error}
      isReady={matching > 0 && typed === wanted}
      isPending={destroy.isPending}
      onSubmit={() => destroy.mutateAsync(body)}
      onClose={onClose}
      confirm={t("rooms.destroyManyConfirm", { count: matching })}
      danger
    >
      <QueryView query={counted} skeleton={<TableSkeleton rows={5} columns={2} />}>
        {({ sample }) => (
          <>
            <p className="font-medium">{t("rooms.destroyManyCount", { count: matching })}</p>
            <SampleList matching={matching} sample={sample} note={({ usedAt }) => <TimeText at={usedAt} />} />
          </>
        )}
      </QueryView>
      <ReasonField value={reason} onChange={setReason} maxLength={1000} />
      {matching > 0 ? <TypedField name={wanted} value={typed} onChange={setTyped} /> : null}
      <Equivalent command={commandOf(filter, reason.trim())} method="POST" path="/rooms/removals" body={body} />
    </DialogForm>
  );
}

function commandOf({ host, search, unusedDays, not = "", ...filter }: RoomFilter, reason: string): string {
  const turned = not.split(",");
  const isOccupied = (filter.occupied === "yes") !== turned.includes("occupied");
  const isPersistent = (filter.persistent === "yes") !== turned.includes("persistent");
  return commandLine(
    ...["nightpost", "room", "destroy-matching"],
    ...(host ? ["--host", host] : []),
    ...(search ? ["--search", search] : []),
    ...(filter.occupied ? [isOccupied ? "--occupied" : "--empty"] : []),
    ...(unusedDays ? ["--unused", String(unusedDays)] : []),
    ...(filter.persistent ? [isPersistent ? "--persistent" : "--temporary"] : []),
    ...(reason === "" ? [] : ["--reason", reason]),
  );
}
