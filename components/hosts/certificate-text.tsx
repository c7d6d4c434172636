"use client";

import { useLocale, useTranslations } from "use-intl";
import type { HostSummary } from "@/lib/contracts/hosts.ts";
import { cn } from "@/lib/format/cn.ts";
import { useNow } from "@/lib/format/now.ts";

const soonMs = 14 * 86_400_000;

export function CertificateText({ certificate }: { certificate: HostSummary["certificate"] }) {
  const t = useTranslations("hosts");
  const locale = useLocale();
  const now = useNow();
  if (!certificate) return <span className="text-ink-3">{t("noCertificate")}</span>;
  const isBad = !certificate.covers || Date.parse(certificate.notAfter) - now < soonMs;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(Date.parse(certificate.notAfter));
  return (
    <span
      className={cn("flex flex-wrap gap-x-2", isBad ? "text-err" : certificate.selfSigned ? "text-warn" : "text-ink-2")}
    >
      {certificate.covers ? null : <span>{t("notCovered")}</span>}
      {certificate.selfSigned ? <span>{t("selfSigned")}</span> : null}
      <span suppressHydrationWarning>{t("until", { date })}</span>
    </span>
  );
}
