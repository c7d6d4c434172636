"use client";

import { useTranslations } from "use-intl";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { useTimes } from "@/lib/format/use-times.ts";

/** Whether a target's requests are signed, and since when. */
export function SigningNote({ signing }: Pick<TargetHealth, "signing">) {
  const t = useTranslations("targets");
  const times = useTimes();
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{t("signing")}</span>
      <p className="text-meta text-ink-3" suppressHydrationWarning>
        {signing === null ? t("unsigned") : t("signedSince", { time: times.full(signing.since) })}{" "}
        {signing?.previousUntil ? t("signedBoth", { time: times.full(signing.previousUntil) }) : null}
      </p>
    </div>
  );
}
