"use client";

import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { RemedyText } from "@/components/kit/remedy-text.tsx";
import { TargetKindText } from "@/components/kit/target-kind.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { Device } from "@/lib/contracts/devices.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { visible } from "@/lib/format/visible.ts";
import { DeviceState } from "./device-state.tsx";

/** What is registered, and in words why nothing is sent when nothing is. */
export function DeviceFacts({ device }: { device: Device }) {
  const t = useTranslations();
  const times = useTimes();
  const sentence = useSentence();
  return (
    <div className="flex flex-col gap-4">
      {device.state === "disabled" ? (
        <Banner tone="err">
          <strong className="font-medium">
            {t("devices.disabledSince", { time: device.disabledAt ? times.relative(device.disabledAt) : "—" })}
          </strong>
          <SentenceGap />
          <span dir="auto" className="text-ink-2">
            {device.disabledReason ? sentence(device.disabledReason) : null}
          </span>
          <span className="block text-meta text-ink-2">{t("devices.disabledText")}</span>
          <RemedyText kind={device.kind} error={device.disabledReason} />
        </Banner>
      ) : null}
      {device.state === "registered" ? <Banner>{t("devices.registeredText")}</Banner> : null}
      {device.state === "active" && device.failures > 0 ? (
        <Banner tone="warn">
          {t("devices.failing", { count: device.failures })}
          <SentenceGap />
          <bdi className="text-ink-2">{device.lastError ? sentence(device.lastError) : null}</bdi>
          <RemedyText kind={device.kind} error={device.lastError} />
        </Banner>
      ) : null}
      <Facts
        facts={[
          [t("devices.columns.state"), <DeviceState key="state" device={device} />],
          [
            t("devices.columns.user"),
            <Link
              key="user"
              href={`/users/account?jid=${encodeURIComponent(device.user)}&tab=devices`}
              className="underline-offset-2 hover:underline"
            >
              <JidText jid={device.user} />
            </Link>,
          ],
          [t("devices.columns.kind"), <TargetKindText key="kind" kind={device.kind} />],
          [
            t("forward.target"),
            <Link
              key="target"
              href={`/forward/targets?edit=${encodeURIComponent(device.target)}`}
              className="underline-offset-2 hover:underline"
            >
              {device.target}
            </Link>,
          ],
          [
            t("devices.address"),
            <bdi key="address" className="font-mono text-meta">
              {visible(device.address)}
            </bdi>,
          ],
          [
            t("targets.apns.environment"),
            device.environment ? t(`targets.apns.environments.${device.environment}`) : null,
          ],
          [t("devices.voip"), device.kind === "apns" ? t(device.hasVoip ? "common.yes" : "common.no") : null],
          [t("devices.version"), device.appVersion ? <bdi key="version">{visible(device.appVersion)}</bdi> : null],
          [t("devices.resource"), device.resource ? <bdi key="resource">{visible(device.resource)}</bdi> : null],
          [t("devices.via"), t(`devices.vias.${device.via}`)],
          [t("devices.registeredAt"), <TimeText key="registered" at={device.registeredAt} as="full" />],
          [t("devices.updatedAt"), <TimeText key="updated" at={device.updatedAt} as="full" />],
          [t("devices.columns.accepted"), <TimeText key="accepted" at={device.lastAcceptedAt} />],
          [t("devices.columns.error"), device.lastError ? <bdi key="error">{sentence(device.lastError)}</bdi> : null],
        ]}
      />
    </div>
  );
}
