"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { May } from "@/components/kit/may.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { RoomMember } from "@/lib/contracts/rooms.ts";
import { roomAffiliations } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { AddAffiliationDialog } from "./add-affiliation-dialog.tsx";
import { ImportAffiliationsDialog } from "./import-affiliations-dialog.tsx";
import { roomPath } from "./room-href.ts";

const limit = 50;
const tones: Record<RoomMember["affiliation"], Tone> = {
  owner: "violet",
  admin: "accent",
  member: "ok",
  outcast: "err",
};

/** Who is what to the room, whether they are in it or not. */
export function AffiliationsTab({ room }: { room: string }) {
  const t = useTranslations("rooms");
  const may = useMay();
  const [search, setSearch] = useState("");
  const [affiliation, setAffiliation] = useState<RoomMember["affiliation"] | null>(null);
  const [dialog, setDialog] = useState<"add" | "import" | null>(null);
  const [taking, setTaking] = useState<RoomMember | null>(null);
  const filter = { ...(search ? { search } : {}), ...(affiliation ? { affiliation } : {}) };
  const place = useCursor(`${room} ${JSON.stringify(filter)}`);
  const members = useQuery(
    api.rooms.affiliations.queryOptions({
      input: { jid: room, ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
    }),
  );
  const columns: Column<RoomMember>[] = [
    { id: "jid", header: t("columns.address"), render: ({ jid }) => <JidText jid={jid} /> },
    {
      id: "affiliation",
      header: t("columns.affiliation"),
      render: (member) => <Badge tone={tones[member.affiliation]}>{t(`affiliations.${member.affiliation}`)}</Badge>,
    },
    { id: "nick", header: t("columns.nick"), render: ({ nick }) => <bdi>{nick === null ? "—" : visible(nick)}</bdi> },
    {
      id: "reason",
      header: t("columns.reason"),
      render: ({ reason }) => <bdi className="text-ink-2 wrap-anywhere">{reason === null ? "—" : visible(reason)}</bdi>,
    },
  ];
  if (may("rooms.affiliate")) {
    columns.push({
      id: "actions",
      header: t("takeAway"),
      isBare: true,
      isNumber: true,
      render: (member) => (
        <Button size="sm" variant="danger-quiet" onClick={() => setTaking(member)}>
          {t("takeAway")}
        </Button>
      ),
    });
  }
  const narrow = (change: () => void) => {
    place.reset();
    change();
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label={t("searchMembers")}
          value={search}
          onChange={(text) => narrow(() => setSearch(text))}
          className="w-72 max-sm:w-full"
        />
        <FilterSelect
          label={t("columns.affiliation")}
          value={affiliation}
          any={t("anyAffiliation")}
          options={roomAffiliations.map((each) => [each, t(`affiliations.${each}`)])}
          onChange={(chosen) => narrow(() => setAffiliation(chosen))}
          className="w-40 max-sm:flex-1"
        />
        <May call="rooms.affiliate">
          <span className="ml-auto flex gap-2">
            <Button onClick={() => setDialog("import")}>{t("bulk")}</Button>
            <Button onClick={() => setDialog("add")}>{t("add")}</Button>
          </span>
        </May>
      </div>
      <Panel flush>
        <QueryView query={members} skeleton={<TableSkeleton rows={6} columns={4} />}>
          {({ items, nextCursor, total }) =>
            items.length === 0 ? (
              <p className="px-4 py-4 text-ink-2">{t("noMembers")}</p>
            ) : (
              <>
                <DataTable label={t("tabs.affiliations")} columns={columns} rows={items} rowKey={({ jid }) => jid} />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            )
          }
        </QueryView>
      </Panel>
      <AddAffiliationDialog room={room} open={dialog === "add"} onClose={() => setDialog(null)} />
      <ImportAffiliationsDialog room={room} open={dialog === "import"} onClose={() => setDialog(null)} />
      <TakeAwayDialog room={room} member={taking} onClose={() => setTaking(null)} />
    </div>
  );
}

function TakeAwayDialog({ room, member, onClose }: { room: string; member: RoomMember | null; onClose: () => void }) {
  const t = useTranslations("rooms");
  const affiliate = useMutation(api.rooms.affiliate.mutationOptions({ meta: { inline: true } }));
  const jid = member?.jid ?? "";
  const change = { jid, affiliation: "none" as const };
  return (
    <ConfirmDialog
      open={member !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("takeAwayTitle", { jid: visible(jid), affiliation: t(`affiliations.${member?.affiliation ?? "none"}`) })}
      text={t("takeAwayText")}
      confirm={t("takeAway")}
      danger
      onConfirm={async () => {
        const { failed } = await affiliate.mutateAsync({ jid: room, changes: [change] });
        const [refused] = failed;
        if (refused) throw new Error(refused.reason);
        toast.success(t("changed", { count: 1 }));
      }}
    >
      <Equivalent
        command={commandLine("nightpost", "room", "affiliate", room, jid, "none")}
        method="POST"
        path={`${roomPath(room)}/affiliations`}
        body={{ changes: [change] }}
      />
    </ConfirmDialog>
  );
}
