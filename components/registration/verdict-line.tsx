"use client";

import { Check, X } from "lucide-react";
import { useTranslations } from "use-intl";
import type { z } from "zod";
import type { RegistrationVerdict } from "@/lib/contracts/registration.ts";
import { visible } from "@/lib/format/visible.ts";

export type Verdict = z.infer<typeof RegistrationVerdict>;

/** Allowed or refused, why in words, and the line of the policy that decided. */
export function VerdictLine({ verdict }: { verdict: Verdict }) {
  const t = useTranslations("registration");
  const Icon = verdict.allowed ? Check : X;
  return (
    <div className={verdict.allowed ? "rounded-control bg-ok-soft px-3 py-2" : "rounded-control bg-err-soft px-3 py-2"}>
      <p
        className={
          verdict.allowed
            ? "flex items-center gap-1.5 font-medium text-ok"
            : "flex items-center gap-1.5 font-medium text-err"
        }
      >
        <Icon aria-hidden className="size-4" />
        {t(verdict.allowed ? "allowed" : "denied")}
      </p>
      <p>
        {t(`codes.${verdict.code}`)}
        {verdict.retryAfterSeconds === null ? null : `, ${t("retryAfter", { seconds: verdict.retryAfterSeconds })}`}
      </p>
      <code className="font-mono text-meta wrap-anywhere text-ink-2">{visible(verdict.line)}</code>
    </div>
  );
}
