"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useFormatter, useTranslations } from "use-intl";
import { BackLink } from "@/components/kit/back-link.tsx";
import { Facts } from "@/components/kit/facts.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { visible } from "@/lib/format/visible.ts";
import { CertificateText } from "./certificate-text.tsx";
import { HostMenu } from "./host-menu.tsx";
import { HostState } from "./host-state.tsx";
import { NamesPanel } from "./names-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

export function HostPage() {
  const t = useTranslations("hosts");
  const router = useRouter();
  const format = useFormatter();
  const [name] = useQueryState("name", parseAsString.withDefault(""));
  const detail = useQuery(api.hosts.get.queryOptions({ input: { host: name }, enabled: name !== "", retry: false }));
  const of = `?host=${encodeURIComponent(name)}`;
  const count = (path: string, value: number) => (
    <Link key={path} href={path + of} className="underline-offset-2 hover:underline">
      {format.number(value)}
    </Link>
  );
  return (
    <Page title={visible(name) || t("title")}>
      <div className="flex flex-col gap-2">
        <BackLink href="/hosts">{t("title")}</BackLink>
        <PageHeader
          title={<bdi>{visible(name)}</bdi>}
          actions={
            detail.data ? (
              <>
                <HostState host={detail.data} />
                <HostMenu host={detail.data} onRemoved={() => router.replace("/hosts")} />
              </>
            ) : null
          }
        />
      </div>
      {name === "" ? (
        <EmptyState title={t("noName")} />
      ) : (
        <QueryView query={detail} skeleton={<TableSkeleton rows={8} columns={2} />}>
          {({ users, online, links, offlineMessages, rooms, certificate }) => (
            <>
              <Panel>
                <Facts
                  facts={[
                    [t("columns.users"), count("/users", users)],
                    [t("columns.online"), count("/sessions", online)],
                    [t("columns.queue"), count("/offline", offlineMessages)],
                    [t("rooms"), count("/rooms", rooms)],
                    [t("columns.links"), count("/links", links)],
                    [t("columns.certificate"), <CertificateText key="certificate" certificate={certificate} />],
                  ]}
                />
              </Panel>
              <SettingsPanel host={name} />
              <NamesPanel host={name} />
            </>
          )}
        </QueryView>
      )}
    </Page>
  );
}
