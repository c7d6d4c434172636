"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "use-intl";
import { type TargetKind, WebhookOrder } from "@/lib/contracts/forward-target.ts";
import { CheckField, NumberField, SelectField } from "./form-fields.tsx";
import { RetryRuler } from "./retry-ruler.tsx";

/** How fast, how often and how long: defaults that few change. */
export function QueueFields({ kind, attemptsAt }: { kind: TargetKind; attemptsAt: readonly number[] }) {
  const t = useTranslations("targets");
  return (
    <details className="group rounded-control border border-line">
      <summary className="flex min-h-9 list-none items-center gap-1.5 px-3 font-medium select-none [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
        {t("limits")}
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <NumberField name="timeoutMs" label={t("timeoutMs")} />
          <NumberField name="concurrency" label={t("concurrency")} />
          <NumberField name="ratePerSecond" label={t("ratePerSecond")} help={t("ratePerSecondHint")} isOptional />
          <NumberField name="maxAttempts" label={t("maxAttempts")} />
          <NumberField name="ttlSeconds" label={t("ttlSeconds")} />
          <NumberField name="maxWaiting" label={t("maxWaiting")} />
          <NumberField
            name="maxWaitingPerRecipient"
            label={t("maxWaitingPerRecipient")}
            help={t("maxWaitingPerRecipientHint")}
          />
        </div>
        {kind === "webhook" ? (
          <SelectField
            name="order"
            label={t("order")}
            help={t("orderHint")}
            options={WebhookOrder.options.map((value) => ({ value, label: t(`orders.${value}`) }))}
          />
        ) : null}
        {attemptsAt.length > 1 ? <RetryRuler attemptsAt={attemptsAt} /> : null}
        <CheckField name="paused" label={t("pausedField")} help={t("pausedHint")} />
      </div>
    </details>
  );
}
