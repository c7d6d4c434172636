"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DeviceTable } from "@/components/devices/device-table.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";

const RegisterDialog = dynamic(
  () => import("@/components/devices/register-dialog.tsx").then((part) => part.RegisterDialog),
  { ssr: false },
);

export function DevicesTab({ jid }: { jid: string }) {
  const t = useTranslations("devices");
  const [isRegistering, setRegistering] = useState(false);
  const devices = useQuery(api.devices.list.queryOptions({ input: { user: jid, limit: 100 } }));
  return (
    <Panel
      title={t("title")}
      flush
      action={
        <Button size="sm" onClick={() => setRegistering(true)}>
          {t("register")}
        </Button>
      }
    >
      <QueryView query={devices} skeleton={<TableSkeleton rows={3} columns={5} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("noneOfUser")}</p>
          ) : (
            <DeviceTable devices={items} withUser={false} />
          )
        }
      </QueryView>
      {isRegistering ? <RegisterDialog open onClose={() => setRegistering(false)} user={jid} /> : null}
    </Panel>
  );
}
