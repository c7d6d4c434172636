"use client";

import { useTranslations } from "use-intl";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import type { HostCertificate } from "@/lib/contracts/certificates.ts";

/** What the host shows at the moment. */
export function CertificateNow({ row: { host, source, certificate } }: { row: HostCertificate }) {
  const t = useTranslations();
  return (
    <p role="status" className="text-meta text-ink-3">
      {t("setup.certificate.now", { host, source: t(`certificates.sources.${source}`) })}
      {certificate ? (
        <>
          <SentenceGap />
          {t("certificates.until")} <TimeText at={certificate.notAfter} as="full" />
        </>
      ) : null}
    </p>
  );
}
