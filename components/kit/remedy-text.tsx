"use client";

import { useTranslations } from "use-intl";
import type { DeviceKind } from "@/lib/contracts/devices.ts";
import type { ForwardAttempt } from "@/lib/contracts/forward-event.ts";
import { remedyOf } from "@/lib/format/remedy.ts";
import { webhookRemedyOf } from "@/lib/format/webhook-remedy.ts";
import { SentenceGap } from "./joints.tsx";

/** What mends a push that failed; nothing where nobody knows. */
export function RemedyText({ kind, error }: { kind: DeviceKind; error: string | null }) {
  const t = useTranslations("remedies.texts");
  const remedy = remedyOf(kind, error);
  return remedy === null ? null : <Remedy text={t(remedy)} />;
}

/** What mends an attempt that a web server did not take; nothing where nobody knows. */
export function WebhookRemedyText({ attempt }: { attempt: ForwardAttempt }) {
  const t = useTranslations("remedies.webhook");
  const remedy = webhookRemedyOf(attempt);
  return remedy === null ? null : <Remedy text={t(remedy)} />;
}

function Remedy({ text }: { text: string }) {
  const t = useTranslations("remedies");
  return (
    <span className="block text-meta text-ink">
      <strong className="font-medium">{t("title")}</strong>
      <SentenceGap />
      {text}
    </span>
  );
}
