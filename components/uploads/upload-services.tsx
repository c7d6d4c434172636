"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { UploadService } from "@/lib/contracts/uploads.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { UsageBar } from "./usage-bar.tsx";

/** What the files of each host take, and may take. */
export function UploadServices() {
  const [scope] = useHost();
  const services = useQuery(api.uploads.services.queryOptions({ refetchInterval: 15_000 }));
  return (
    <Panel flush>
      <QueryView query={services} skeleton={<TableSkeleton rows={2} columns={4} />}>
        {({ items, freeBytes }) => (
          <ul className="divide-y divide-line">
            {items
              .filter(({ host }) => scope === null || host === scope)
              .map((service) => (
                <li key={service.host} className="p-4">
                  <Service service={service} freeBytes={freeBytes} />
                </li>
              ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}

function Service({ service, freeBytes }: { service: UploadService; freeBytes: number | null }) {
  const t = useTranslations("uploads");
  const locale = useLocale();
  const { host, bytes, files, place, limits, keepDays } = service;
  const text = (value: number) => formatBytes(value, locale);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <bdi className="font-semibold">{host}</bdi>
        <span>
          {limits === null ? text(bytes) : t("usage.used", { used: text(bytes), limit: text(limits.hostBytes) })}
          <span className="text-ink-3"> · {t("usage.files", { count: files })}</span>
        </span>
      </div>
      {limits === null ? (
        <p className="text-ink-2">{t("usage.off")}</p>
      ) : (
        <>
          <UsageBar label={host} used={bytes} limit={limits.hostBytes} />
          <Facts
            className="lg:grid-cols-6"
            facts={[
              [t("usage.perFile"), text(limits.fileBytes)],
              [t("usage.perAccount"), text(limits.accountBytes)],
              [t("usage.perDay"), text(limits.accountBytesADay)],
              [t("usage.keep"), t("usage.days", { days: keepDays ?? 0 })],
              [t("usage.place"), place === null ? null : t(`places.${place}`)],
              [t("usage.free"), place === "disk" && freeBytes !== null ? text(freeBytes) : null],
            ]}
          />
        </>
      )}
    </div>
  );
}
