"use client";

import { useTranslations } from "use-intl";
import { SecretText } from "@/components/kit/secret-text.tsx";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { useTimes } from "@/lib/format/use-times.ts";

/** Whether a target's requests are signed, since when, and the key that verifies `v1a`. */
export function SigningNote({ signing, publicKey }: Pick<TargetHealth, "signing" | "publicKey">) {
  const t = useTranslations("targets");
  const times = useTimes();
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{t("signing")}</span>
      <p className="text-meta text-ink-3" suppressHydrationWarning>
        {signing === null ? t("unsigned") : t("signedSince", { time: times.full(signing.since) })}{" "}
        {signing?.previousUntil ? t("signedBoth", { time: times.full(signing.previousUntil) }) : null}
      </p>
      {publicKey === null ? null : (
        <>
          <SecretText text={publicKey} />
          <p className="text-meta text-ink-3">{t("publicKeyHint")}</p>
        </>
      )}
    </div>
  );
}
