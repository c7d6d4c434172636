"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ReasonField } from "@/components/kit/reason-field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import type { RoomMember } from "@/lib/contracts/rooms.ts";
import { roomAffiliations } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { roomPath } from "./room-href.ts";

export function AddAffiliationDialog({ room, open, onClose }: { room: string; open: boolean; onClose: () => void }) {
  const t = useTranslations("rooms");
  const id = useId();
  const [jid, setJid] = useState("");
  const [affiliation, setAffiliation] = useState<RoomMember["affiliation"]>("member");
  const [nick, setNick] = useState("");
  const [reason, setReason] = useState("");
  const affiliate = useMutation(api.rooms.affiliate.mutationOptions({ meta: { inline: true } }));
  const change = {
    jid: jid.trim(),
    affiliation,
    ...(nick.trim() === "" || affiliation === "outcast" ? {} : { nick: nick.trim() }),
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
  };
  const close = () => {
    setJid("");
    setNick("");
    setReason("");
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t("addTitle")}
      text={t("addText")}
      confirm={t("addConfirm")}
      isDisabled={change.jid === ""}
      onConfirm={async () => {
        const { failed } = await affiliate.mutateAsync({ jid: room, changes: [change] });
        const [refused] = failed;
        if (refused) throw new Error(refused.reason);
        toast.success(t("changed", { count: 1 }));
      }}
    >
      <Field label={t("jid")} htmlFor={`${id}-jid`}>
        <Input
          id={`${id}-jid`}
          value={jid}
          spellCheck={false}
          autoCapitalize="none"
          onChange={(event) => setJid(event.target.value)}
        />
      </Field>
      <Segmented
        label={t("columns.affiliation")}
        value={affiliation}
        onChange={setAffiliation}
        options={roomAffiliations.map((value) => ({ value, label: t(`affiliations.${value}`) }))}
        className="self-start"
      />
      {affiliation === "outcast" ? null : (
        <Field label={t("nick")} htmlFor={`${id}-nick`}>
          <Input id={`${id}-nick`} value={nick} onChange={(event) => setNick(event.target.value)} />
        </Field>
      )}
      <ReasonField value={reason} onChange={setReason} maxLength={1000} />
      <Equivalent
        {...(change.nick === undefined
          ? {
              command: commandLine(
                ...["nightpost", "room", "affiliate", room, change.jid, affiliation],
                ...(change.reason === undefined ? [] : ["--reason", change.reason]),
              ),
            }
          : {})}
        method="POST"
        path={`${roomPath(room)}/affiliations`}
        body={{ changes: [change] }}
      />
    </ConfirmDialog>
  );
}
