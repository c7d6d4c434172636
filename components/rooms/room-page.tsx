"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { JidHeader } from "@/components/kit/jid-header.tsx";
import { May } from "@/components/kit/may.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PartSkeleton } from "@/components/kit/part-skeleton.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { api } from "@/lib/api/client.ts";
import type { RoomDetail } from "@/lib/contracts/rooms.ts";
import { visible } from "@/lib/format/visible.ts";
import { DestroyRoomDialog } from "./destroy-room-dialog.tsx";
import { MessageCount } from "./message-count.tsx";
import { OccupantsTab } from "./occupants-tab.tsx";
import { RoomChips } from "./room-chips.tsx";

const SettingsTab = dynamic(() => import("./settings-tab.tsx").then((part) => part.SettingsTab), {
  ssr: false,
  loading: PartSkeleton,
});

const HistoryTab = dynamic(() => import("./history-tab.tsx").then((part) => part.HistoryTab), {
  ssr: false,
  loading: PartSkeleton,
});

const AffiliationsTab = dynamic(() => import("./affiliations-tab.tsx").then((part) => part.AffiliationsTab), {
  ssr: false,
  loading: PartSkeleton,
});

const tabs = ["occupants", "affiliations", "settings", "history"] as const;

export function RoomPage() {
  const t = useTranslations("rooms");
  const [jid] = useQueryState("jid", parseAsString.withDefault(""));
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabs).withDefault("occupants").withOptions({ history: "push" }),
  );
  const [isDirty, setDirty] = useState(false);
  const [isDestroying, setDestroying] = useState(false);
  const room = useQuery(api.rooms.get.queryOptions({ input: { jid }, enabled: jid !== "", retry: false }));
  return (
    <Page title={visible(jid) || t("room")} isDirty={isDirty}>
      <JidHeader
        jid={jid}
        href="/rooms"
        list={t("title")}
        actions={
          room.data ? (
            <May call="rooms.remove">
              <Button variant="danger-quiet" onClick={() => setDestroying(true)}>
                {t("destroy")}
              </Button>
            </May>
          ) : null
        }
      />
      {jid === "" ? (
        <EmptyState title={t("noJid")} />
      ) : (
        <QueryView query={room} skeleton={<TableSkeleton rows={8} columns={2} />}>
          {(data) => (
            <>
              <Panel>
                <RoomFacts room={data} />
              </Panel>
              <Tabs
                label={jid}
                value={tab}
                onChange={(next) => void setTab(next)}
                tabs={tabs.map((each) => ({ value: each, label: t(`tabs.${each}`) }))}
              >
                <TabPanel value="occupants">
                  <OccupantsTab room={jid} />
                </TabPanel>
                <TabPanel value="affiliations">
                  <AffiliationsTab room={jid} />
                </TabPanel>
                <TabPanel value="settings">
                  <SettingsTab key={data.jid} room={data} onDirty={setDirty} />
                </TabPanel>
                <TabPanel value="history">
                  <HistoryTab room={jid} />
                </TabPanel>
              </Tabs>
              <DestroyRoomDialog room={data} open={isDestroying} onClose={() => setDestroying(false)} />
            </>
          )}
        </QueryView>
      )}
    </Page>
  );
}

function RoomFacts({ room }: { room: RoomDetail }) {
  const t = useTranslations("rooms");
  const format = useFormatter();
  const { host, settings, subject, occupants, messages, createdAt, usedAt, hasPassword } = room;
  return (
    <div className="flex flex-col gap-3">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {settings.name === "" ? null : <bdi className="font-medium">{visible(settings.name)}</bdi>}
        <RoomChips room={room} />
        {hasPassword ? <Badge tone="warn">{t("chips.password")}</Badge> : null}
      </span>
      {settings.description === "" ? null : (
        <bdi className="max-w-[80ch] text-ink-2 wrap-anywhere">{visible(settings.description)}</bdi>
      )}
      <Facts
        className="lg:grid-cols-6"
        facts={[
          [t("facts.occupants"), format.number(occupants)],
          [t("facts.messages"), <MessageCount key="messages" count={messages} />],
          [t("facts.used"), <TimeText key="used" at={usedAt} />],
          [t("facts.created"), <TimeText key="created" at={createdAt} />],
          [t("facts.host"), host],
          [
            t("facts.subject"),
            subject === null || subject.text === "" ? null : <bdi key="subject">{visible(subject.text)}</bdi>,
          ],
        ]}
      />
    </div>
  );
}
