"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { TestResult } from "@/components/kit/test-result.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { Device } from "@/lib/contracts/devices.ts";
import { commandLine } from "@/lib/format/shell.ts";

export function DeviceActions({ device }: { device: Device }) {
  const t = useTranslations();
  const router = useRouter();
  const [dialog, setDialog] = useState<"test" | "remove" | null>(null);
  const test = useMutation(api.devices.test.mutationOptions({ meta: { inline: true } }));
  const enable = useMutation(api.devices.enable.mutationOptions());
  const remove = useMutation(api.devices.remove.mutationOptions({ meta: { inline: true } }));
  const { id } = device;
  const isActive = device.state === "active";
  const setEnabled = (enabled: boolean) =>
    enable.mutate(
      { id, enabled },
      {
        onSuccess: () =>
          toast.success(t(enabled ? "devices.enabled" : "devices.disabledNow"), {
            duration: 10_000,
            action: { label: t("common.undo"), onClick: () => enable.mutate({ id, enabled: !enabled }) },
          }),
      },
    );
  return (
    <>
      <May call="devices.enable" host={device.user.slice(device.user.lastIndexOf("@") + 1)}>
        <Button
          variant="primary"
          onClick={() => {
            setDialog("test");
            test.mutate({ id });
          }}
        >
          {t("devices.test")}
        </Button>
        <Button onClick={() => setEnabled(!isActive)} disabled={enable.isPending}>
          {t(isActive ? "devices.disable" : "devices.enable")}
        </Button>
        <Button variant="danger-quiet" onClick={() => setDialog("remove")}>
          {t("devices.remove")}
        </Button>
      </May>
      <Dialog
        open={dialog === "test"}
        onOpenChange={(open) => !open && setDialog(null)}
        title={t("devices.testTitle")}
        size="md"
        place="side"
      >
        <DialogBody>
          <TestResult test={test} kind={device.kind} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={() => test.mutate({ id })} disabled={test.isPending}>
            {t("devices.test")}
          </Button>
          <Button variant="primary" onClick={() => setDialog(null)}>
            {t("common.close")}
          </Button>
        </DialogFooter>
      </Dialog>
      <ConfirmDialog
        open={dialog === "remove"}
        onOpenChange={(open) => !open && setDialog(null)}
        title={t("devices.removeTitle")}
        text={t("devices.removeText")}
        confirm={t("devices.remove").replace("…", "")}
        danger
        onConfirm={async () => {
          await remove.mutateAsync({ id });
          toast.success(t("devices.removed"));
          router.push("/devices");
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "devices", "remove", id)}
          method="DELETE"
          path={`/devices/${encodeURIComponent(id)}`}
        />
      </ConfirmDialog>
    </>
  );
}
