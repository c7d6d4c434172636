"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { DeviceTests } from "@/components/devices/device-tests.tsx";
import { TestResult } from "@/components/kit/test-result.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";

/** Sends one test event when it opens and shows the attempt as the log would; of a push target to a device that is chosen. */
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
        <Test key={target.name} name={target.name} onClose={onClose} />
      ) : (
        <DeviceTests key={target.name} target={target.name} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Test({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations();
  const test = useMutation(api.forward.testTarget.mutationOptions({ meta: { inline: true } }));
  const { mutate } = test;
  useEffect(() => mutate({ name }), [mutate, name]);
  return (
    <>
      <DialogBody>
        <TestResult test={test} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={() => mutate({ name })} disabled={test.isPending}>
          {t("targets.test")}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </>
  );
}
