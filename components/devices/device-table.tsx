"use client";

import { useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TargetKindText } from "@/components/kit/target-kind.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Link } from "@/components/ui/link.tsx";
import type { Device } from "@/lib/contracts/devices.ts";
import { visible } from "@/lib/format/visible.ts";
import { DeviceState } from "./device-state.tsx";

export const deviceHref = (id: string): string => `/devices/device?id=${encodeURIComponent(id)}`;

export function DeviceTable({ devices, withUser }: { devices: Device[]; withUser: boolean }) {
  const t = useTranslations();
  const sentence = useSentence();
  const columns: Column<Device>[] = [
    {
      id: "name",
      header: t("devices.columns.device"),
      render: (device) => (
        <span className="min-w-0">
          <Link href={deviceHref(device.id)} className="font-medium underline-offset-2 hover:underline">
            <bdi>{device.name ? visible(device.name) : t("devices.unnamed")}</bdi>
          </Link>
          <bdi className="block max-w-64 truncate font-mono text-meta text-ink-3">{visible(device.address)}</bdi>
        </span>
      ),
    },
    ...(withUser
      ? [
          {
            id: "user",
            header: t("devices.columns.user"),
            render: (device: Device) => (
              <Link
                href={`/users/account?jid=${encodeURIComponent(device.user)}&tab=devices`}
                className="underline-offset-2 hover:underline"
              >
                <JidText jid={device.user} />
              </Link>
            ),
          },
        ]
      : []),
    {
      id: "kind",
      header: t("devices.columns.kind"),
      render: (device) => (
        <span>
          <TargetKindText kind={device.kind} />
          <span className="block text-meta text-ink-3">{device.target}</span>
        </span>
      ),
    },
    {
      id: "state",
      header: t("devices.columns.state"),
      render: (device) => (
        <span>
          <DeviceState device={device} />
          {device.disabledReason ? (
            <bdi className="block max-w-56 truncate text-meta text-ink-3">{sentence(device.disabledReason)}</bdi>
          ) : null}
        </span>
      ),
    },
    {
      id: "accepted",
      header: t("devices.columns.accepted"),
      render: (device) => <TimeText at={device.lastAcceptedAt} />,
    },
    {
      id: "error",
      header: t("devices.columns.error"),
      render: (device) => (
        <bdi className="block max-w-72 truncate text-ink-2" title={device.lastError ? sentence(device.lastError) : ""}>
          {device.lastError ? sentence(device.lastError) : "—"}
        </bdi>
      ),
    },
  ];
  return (
    <DataTable
      {...(withUser ? { name: "devices" } : {})}
      label={t("devices.title")}
      columns={columns}
      rows={devices}
      rowKey={(device) => device.id}
    />
  );
}
