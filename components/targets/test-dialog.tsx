"use client";

import { useTranslations } from "use-intl";
import { DeviceTests } from "@/components/devices/device-tests.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { WebhookTest } from "./webhook-test.tsx";

/** Tests a web server when it opens; a push target with a device that is chosen. */
export function TestDialog({ target, onClose }: { target: TargetHealth | null; onClose: () => void }) {
  const t = useTranslations("targets");
  const isWebhook = target?.target.kind === "webhook";
  return (
    <Dialog
      open={target !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("testTitle", { name: target?.name ?? "" })}
      description={t(isWebhook ? "testText" : "testDevicesText")}
      size="md"
      place="side"
    >
      {target === null ? null : isWebhook ? (
        <WebhookTest key={target.name} name={target.name} onClose={onClose} />
      ) : (
        <DeviceTests key={target.name} target={target.name} onClose={onClose} />
      )}
    </Dialog>
  );
}
