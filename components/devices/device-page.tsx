"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { BackLink } from "@/components/kit/back-link.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { visible } from "@/lib/format/visible.ts";
import { DeviceActions } from "./device-actions.tsx";
import { DeviceFacts } from "./device-facts.tsx";
import { DeviceTrace } from "./device-trace.tsx";

/** Why does this phone not ring: its registration, its pushes, what the provider said. */
export function DevicePage() {
  const t = useTranslations("devices");
  const [id] = useQueryState("id", parseAsString.withDefault(""));
  const device = useQuery(
    api.devices.get.queryOptions({ input: { id }, enabled: id !== "", refetchInterval: 5000, retry: false }),
  );
  const title = device.data?.name ? visible(device.data.name) : t("device");
  return (
    <Page title={title}>
      <BackLink href="/devices">{t("title")}</BackLink>
      <PageHeader
        title={<bdi>{title}</bdi>}
        {...(device.data ? { actions: <DeviceActions device={device.data} /> } : {})}
      />
      {id === "" ? (
        <EmptyState title={t("noId")} />
      ) : (
        <QueryView query={device} skeleton={<TableSkeleton rows={6} columns={2} />}>
          {(data) => (
            <>
              <Panel>
                <DeviceFacts device={data} />
              </Panel>
              <DeviceTrace device={data} />
            </>
          )}
        </QueryView>
      )}
    </Page>
  );
}
