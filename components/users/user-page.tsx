"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { JidHeader } from "@/components/kit/jid-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PartSkeleton } from "@/components/kit/part-skeleton.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { api } from "@/lib/api/client.ts";
import { visible } from "@/lib/format/visible.ts";
import { OverviewTab } from "./overview-tab.tsx";
import { useListedUser } from "./use-listed-user.ts";
import { UserAvatar, UserName } from "./user-avatar.tsx";
import { UserMenu } from "./user-menu.tsx";
import { UserStatus } from "./user-status.tsx";

const SessionsTab = dynamic(() => import("./sessions-tab.tsx").then((part) => part.SessionsTab), {
  ssr: false,
  loading: PartSkeleton,
});

const RosterTab = dynamic(() => import("./roster-tab.tsx").then((part) => part.RosterTab), {
  ssr: false,
  loading: PartSkeleton,
});

const RoomsTab = dynamic(() => import("./rooms-tab.tsx").then((part) => part.RoomsTab), {
  ssr: false,
  loading: PartSkeleton,
});

const RawTab = dynamic(() => import("./raw-tab.tsx").then((part) => part.RawTab), {
  ssr: false,
  loading: PartSkeleton,
});

const OfflineTab = dynamic(() => import("./offline-tab.tsx").then((part) => part.OfflineTab), {
  ssr: false,
  loading: PartSkeleton,
});

const ForwardsTab = dynamic(() => import("./forwards-tab.tsx").then((part) => part.ForwardsTab), {
  ssr: false,
  loading: PartSkeleton,
});

const DevicesTab = dynamic(() => import("./devices-tab.tsx").then((part) => part.DevicesTab), {
  ssr: false,
  loading: PartSkeleton,
});

const ClientsTab = dynamic(() => import("./clients-tab.tsx").then((part) => part.ClientsTab), {
  ssr: false,
  loading: PartSkeleton,
});

const AccessTab = dynamic(() => import("./access-tab.tsx").then((part) => part.AccessTab), {
  ssr: false,
  loading: PartSkeleton,
});

const AccountTab = dynamic(() => import("./account-tab.tsx").then((part) => part.AccountTab), {
  ssr: false,
  loading: PartSkeleton,
});

const tabs = [
  "overview",
  "sessions",
  "clients",
  "offline",
  "forwards",
  "devices",
  "roster",
  "rooms",
  "account",
  "access",
  "raw",
] as const;

export function UserPage() {
  const t = useTranslations();
  const [jid] = useQueryState("jid", parseAsString.withDefault(""));
  const [host] = useHost();
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabs).withDefault("overview").withOptions({ history: "push" }),
  );
  const user = useQuery(api.users.get.queryOptions({ input: { jid }, enabled: jid !== "" }));
  const listed = useListedUser(jid);
  // Whoever comes from the list sees at once what the list has said.
  const known = user.data ?? (user.isPending ? listed : null);

  return (
    <Page title={visible(jid) || t("shell.pages.user")}>
      <JidHeader
        jid={jid}
        href={host ? `/users?host=${encodeURIComponent(host)}` : "/users"}
        list={t("shell.pages.users")}
        {...(jid === "" ? {} : { picture: <UserAvatar jid={jid} />, lead: <UserName jid={jid} /> })}
        actions={
          known ? (
            <>
              <UserStatus user={known} />
              {known.isAdmin ? <Badge tone="violet">{t("users.admin")}</Badge> : null}
              <UserMenu user={known} />
            </>
          ) : null
        }
      />
      {jid === "" ? (
        <EmptyState title={t("users.noJid")} />
      ) : (
        <QueryView query={user} skeleton={<TableSkeleton rows={8} columns={2} />}>
          {(data) => (
            <Tabs
              label={jid}
              value={tab}
              onChange={(next) => void setTab(next)}
              tabs={tabs.map((each) => ({ value: each, label: t(`users.tabs.${each}`) }))}
            >
              <TabPanel value="overview">
                <OverviewTab user={data} />
              </TabPanel>
              <TabPanel value="sessions">
                <SessionsTab jid={jid} />
              </TabPanel>
              <TabPanel value="clients">
                <ClientsTab user={data} />
              </TabPanel>
              <TabPanel value="offline">
                <OfflineTab jid={jid} />
              </TabPanel>
              <TabPanel value="forwards">
                <ForwardsTab jid={jid} />
              </TabPanel>
              <TabPanel value="devices">
                <DevicesTab jid={jid} />
              </TabPanel>
              <TabPanel value="roster">
                <RosterTab user={data} />
              </TabPanel>
              <TabPanel value="rooms">
                <RoomsTab jid={jid} />
              </TabPanel>
              <TabPanel value="account">
                <AccountTab user={data} />
              </TabPanel>
              <TabPanel value="access">
                <AccessTab user={data} />
              </TabPanel>
              <TabPanel value="raw">
                <RawTab user={data} />
              </TabPanel>
            </Tabs>
          )}
        </QueryView>
      )}
    </Page>
  );
}
