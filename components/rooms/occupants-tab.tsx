"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { ReasonField } from "@/components/kit/reason-field.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { RoomOccupant } from "@/lib/contracts/rooms.ts";
import { roomRoles } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { BanDialog } from "./ban-dialog.tsx";
import { roomPath } from "./room-href.ts";

const limit = 50;

/** Who is in the room just now. */
export function OccupantsTab({ room }: { room: string }) {
  const t = useTranslations("rooms");
  const common = useTranslations("common");
  const { colon } = useJoints();
  const may = useMay();
  const place = useCursor(room);
  const [kicking, setKicking] = useState<RoomOccupant | null>(null);
  const [banning, setBanning] = useState<string | null>(null);
  const occupants = useQuery(
    api.rooms.occupants.queryOptions({
      input: { jid: room, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
      refetchInterval: 5000,
    }),
  );
  const setRole = useMutation(api.rooms.setRole.mutationOptions());
  const give = (occupant: RoomOccupant, role: RoomOccupant["role"]) => {
    const { nick, role: before } = occupant;
    const change = (to: RoomOccupant["role"]) => setRole.mutateAsync({ jid: room, nick, role: to });
    void change(role).then(() =>
      toast.success(t("roleSet", { nick: visible(nick), role: t(`roles.${role}`) }), {
        duration: 10_000,
        action: { label: common("undo"), onClick: () => void change(before) },
      }),
    );
  };
  const columns: Column<RoomOccupant>[] = [
    {
      id: "nick",
      header: t("columns.nick"),
      render: ({ nick }) => <bdi className="font-medium wrap-anywhere">{visible(nick)}</bdi>,
    },
    {
      id: "address",
      header: t("columns.address"),
      render: ({ jids }) => (
        <span className="flex flex-col">
          {jids.map((jid) => (
            <JidText key={jid} jid={jid} />
          ))}
        </span>
      ),
    },
    { id: "role", header: t("columns.role"), render: ({ role }) => t(`roles.${role}`) },
    {
      id: "affiliation",
      header: t("columns.affiliation"),
      render: ({ affiliation }) => t(`affiliations.${affiliation}`),
    },
  ];
  if (may("rooms.setRole")) {
    columns.push({
      id: "actions",
      header: t("role"),
      isBare: true,
      isNumber: true,
      render: (occupant) => (
        <Menu
          trigger={
            <IconButton label={`${t("role")}${colon}${visible(occupant.nick)}`} size="sm">
              <Ellipsis aria-hidden className="size-4" />
            </IconButton>
          }
        >
          <MenuLabel>{t("role")}</MenuLabel>
          {roomRoles.map((role) => (
            <MenuItem key={role} disabled={role === occupant.role} onSelect={() => give(occupant, role)}>
              {t(`roles.${role}`)}
            </MenuItem>
          ))}
          <MenuSeparator />
          <MenuItem danger onSelect={() => setKicking(occupant)}>
            {t("kick")}
          </MenuItem>
          <MenuItem danger onSelect={() => setBanning(occupant.jids[0]?.split("/", 1)[0] ?? "")}>
            {t("ban")}
          </MenuItem>
        </Menu>
      ),
    });
  }
  return (
    <Panel flush>
      <QueryView query={occupants} skeleton={<TableSkeleton rows={4} columns={4} />}>
        {({ items, nextCursor, total }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("nobody")}</p>
          ) : (
            <>
              <DataTable label={t("tabs.occupants")} columns={columns} rows={items} rowKey={({ nick }) => nick} />
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
            </>
          )
        }
      </QueryView>
      <KickDialog room={room} nick={kicking?.nick ?? null} onClose={() => setKicking(null)} />
      <BanDialog room={room} jid={banning} onClose={() => setBanning(null)} />
    </Panel>
  );
}

function KickDialog({ room, nick, onClose }: { room: string; nick: string | null; onClose: () => void }) {
  const t = useTranslations("rooms");
  const [reason, setReason] = useState("");
  const setRole = useMutation(api.rooms.setRole.mutationOptions({ meta: { inline: true } }));
  const shown = visible(nick ?? "");
  const body = { nick: nick ?? "", role: "none" as const, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
  return (
    <ConfirmDialog
      open={nick !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("kickTitle", { nick: shown })}
      text={t("kickText")}
      confirm={t("kick")}
      danger
      onConfirm={async () => {
        await setRole.mutateAsync({ jid: room, ...body });
        toast.success(t("kicked", { nick: shown }));
        setReason("");
      }}
    >
      <ReasonField value={reason} onChange={setReason} maxLength={1000} />
      <Equivalent
        command={commandLine(
          ...["nightpost", "room", "role", room, nick ?? "", "none"],
          ...(body.reason === undefined ? [] : ["--reason", body.reason]),
        )}
        method="POST"
        path={`${roomPath(room)}/occupants/role`}
        body={body}
      />
    </ConfirmDialog>
  );
}
