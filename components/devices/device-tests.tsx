"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TestResult } from "@/components/kit/test-result.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import type { Device } from "@/lib/contracts/devices.ts";
import { visible } from "@/lib/format/visible.ts";
import { DeviceState } from "./device-state.tsx";

/** A push target is tested with one of its devices. */
export function DeviceTests({ target, onClose }: { target: string; onClose: () => void }) {
  const t = useTranslations();
  const { colon } = useJoints();
  const [tested, setTested] = useState<Device | null>(null);
  const devices = useQuery(api.devices.list.queryOptions({ input: { target, limit: 20 } }));
  const test = useMutation(api.devices.test.mutationOptions({ meta: { inline: true } }));
  return (
    <>
      <DialogBody>
        <QueryView query={devices} skeleton={<TableSkeleton rows={3} columns={3} />}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="text-ink-2">
                {t("devices.noneOfTarget")}{" "}
                <Link href="/devices?create=1" className="text-accent underline underline-offset-2">
                  {t("devices.register")}
                </Link>
              </p>
            ) : (
              <ul className="divide-y divide-line border-y border-line">
                {items.map((device) => (
                  <li key={device.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
                    <div className="min-w-0 flex-1">
                      <bdi className="font-medium">{device.name ? visible(device.name) : t("devices.unnamed")}</bdi>{" "}
                      <DeviceState device={device} />
                      <span className="block">
                        <JidText jid={device.user} className="text-meta" />
                      </span>
                    </div>
                    <Button
                      size="sm"
                      disabled={test.isPending}
                      aria-label={`${t("devices.test")}${colon}${visible(device.name ?? device.user)}`}
                      onClick={() => {
                        setTested(device);
                        test.mutate({ id: device.id });
                      }}
                    >
                      {t("devices.test")}
                    </Button>
                  </li>
                ))}
              </ul>
            )
          }
        </QueryView>
        {tested ? <TestResult test={test} kind={tested.kind} /> : null}
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </>
  );
}
