"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ReasonField } from "@/components/kit/reason-field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import type { Room } from "@/lib/contracts/rooms.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { roomPath } from "./room-href.ts";

interface Props {
  room: Room;
  open: boolean;
  onClose: () => void;
}

export function DestroyRoomDialog({ room, open, onClose }: Props) {
  const t = useTranslations("rooms");
  const id = useId();
  const router = useRouter();
  const [reason, setReason] = useState("");
  const [venue, setVenue] = useState("");
  const destroy = useMutation(api.rooms.remove.mutationOptions({ meta: { inline: true } }));
  const { jid, occupants, messages } = room;
  const told = {
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
    ...(venue.trim() === "" ? {} : { venue: venue.trim() }),
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("destroyTitle")}
      text={t("destroyText", { occupants, messages })}
      confirm={t("destroy")}
      danger
      typed={jid}
      onConfirm={async () => {
        await destroy.mutateAsync({ jid, ...told });
        toast.success(t("destroyed"));
        router.push("/rooms");
      }}
    >
      <ReasonField value={reason} onChange={setReason} maxLength={1000} />
      <Field label={t("venue")} htmlFor={`${id}-venue`} help={t("venueHint")}>
        <Input
          id={`${id}-venue`}
          value={venue}
          spellCheck={false}
          autoCapitalize="none"
          aria-describedby={`${id}-venue-help`}
          onChange={(event) => setVenue(event.target.value)}
        />
      </Field>
      <Equivalent
        command={commandLine(
          ...["nightpost", "room", "destroy", jid],
          ...(told.reason === undefined ? [] : ["--reason", told.reason]),
          ...(told.venue === undefined ? [] : ["--venue", told.venue]),
        )}
        method="DELETE"
        path={roomPath(jid)}
        body={told}
      />
    </ConfirmDialog>
  );
}
