"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { May } from "@/components/kit/may.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { BackupPolicy } from "@/lib/contracts/operations-policy.ts";

const ScheduleDialog = dynamic(() => import("./schedule-dialog.tsx").then((part) => part.ScheduleDialog), {
  ssr: false,
});

interface Props {
  schedule: BackupPolicy;
  hasPassphrase: boolean;
}

export function SchedulePanel({ schedule, hasPassphrase }: Props) {
  const t = useTranslations("backups");
  const [isOpen, setOpen] = useState(false);
  const { everyHours, keep, encrypted, uploads } = schedule;
  return (
    <Panel
      title={t("schedule")}
      action={
        <May call="backups.setSchedule">
          <Button size="sm" onClick={() => setOpen(true)}>
            {t("change")}
          </Button>
        </May>
      }
    >
      {everyHours === null ? (
        <p className="max-w-[72ch] text-ink-2">{t("scheduleOff")}</p>
      ) : (
        <Facts
          facts={[
            [t("every"), t("hours", { count: everyHours })],
            [t("keep"), t("kept", { count: keep })],
            [t("encryption"), t(encrypted ? "withPassphrase" : "unencrypted")],
            [t("uploads"), t(uploads ? "goAlong" : "leftOut")],
            [t("afterwards"), t("triedOut")],
          ]}
        />
      )}
      {isOpen ? (
        <ScheduleDialog schedule={schedule} hasPassphrase={hasPassphrase} onClose={() => setOpen(false)} />
      ) : null}
    </Panel>
  );
}
