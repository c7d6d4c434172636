"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import type { Refusal } from "@/lib/auth/sign-in.ts";
import { visible } from "@/lib/format/visible.ts";

/** Why the log-in did not work, and what to do about it. */
export function RefusalBanner({ refusal }: { refusal: Refusal | null }) {
  if (refusal === null || refusal.code === "second-factor") return null;
  return <Reason key={JSON.stringify(refusal)} refusal={refusal} code={refusal.code} />;
}

function Reason({ refusal, code }: { refusal: Refusal; code: Exclude<Refusal["code"], "second-factor"> }) {
  const t = useTranslations("login");
  const { comma } = useJoints();
  const wait = code === "throttled" ? refusal.retryAfterSeconds : 0;
  const [seconds, setSeconds] = useState(wait);
  useEffect(() => {
    if (wait === 0) return undefined;
    const timer = setInterval(() => setSeconds((left) => Math.max(0, left - 1)), 1000);
    return () => clearInterval(timer);
  }, [wait]);
  const skew = refusal.clockSkewSeconds ?? 0;
  return (
    <Banner tone={code === "unreachable" ? "warn" : "err"} alert>
      {code === "bad-code" && skew !== 0
        ? t(skew > 0 ? "clockAhead" : "clockBehind", { minutes: Math.max(1, Math.round(Math.abs(skew) / 60)) })
        : t(`errors.${code}`, { seconds })}
      {refusal.owners.length > 0 ? (
        <span className="mt-1 block">
          {t("askOwners")}{" "}
          {refusal.owners.map((jid, index) => (
            <span key={jid}>
              {index > 0 ? comma : null}
              <bdi className="font-medium">{visible(jid)}</bdi>
            </span>
          ))}
        </span>
      ) : null}
    </Banner>
  );
}
