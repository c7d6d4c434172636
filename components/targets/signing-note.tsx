"use client";

import { ChevronRight } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "use-intl";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { SecretText } from "@/components/kit/secret-text.tsx";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { useTimes } from "@/lib/format/use-times.ts";

const ReceiverCode = dynamic(() => import("./receiver-code.tsx").then((part) => part.ReceiverCode), { ssr: false });

/** Whether a target's requests are signed, since when, and the key that verifies `v1a`. */
export function SigningNote({ signing, publicKey }: Pick<TargetHealth, "signing" | "publicKey">) {
  const t = useTranslations("targets");
  const times = useTimes();
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{t("signing")}</span>
      <p className="text-meta text-ink-3" suppressHydrationWarning>
        {signing === null ? t("unsigned") : t("signedSince", { time: times.full(signing.since) })}
        <SentenceGap />
        {signing?.previousUntil ? t("signedBoth", { time: times.full(signing.previousUntil) }) : null}
      </p>
      {publicKey === null ? null : (
        <>
          <SecretText text={publicKey} />
          <p className="text-meta text-ink-3">{t("publicKeyHint")}</p>
        </>
      )}
      {signing === null ? null : (
        <details className="group">
          <summary className="flex min-h-6 list-none items-center gap-1.5 text-meta text-ink-2 [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            {t("receiver")}
          </summary>
          <div className="mt-2">
            <ReceiverCode />
          </div>
        </details>
      )}
    </div>
  );
}
