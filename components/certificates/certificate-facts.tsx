"use client";

import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import type { CertificateFacts as Shown } from "@/lib/contracts/certificates.ts";
import { visible } from "@/lib/format/visible.ts";
import { commonName } from "./certificate-columns.tsx";

export function CertificateFacts({ facts, isNarrow = false }: { facts: Shown; isNarrow?: boolean }) {
  const t = useTranslations("certificates");
  return (
    <div className="flex flex-col gap-3">
      <Facts
        className={isNarrow ? "sm:grid-cols-1 lg:grid-cols-1" : "lg:grid-cols-2"}
        facts={[
          [t("columns.issuer"), visible(commonName(facts.issuer))],
          [t("columns.chain"), t(`chains.${facts.chain}`)],
          [t("from"), <TimeText key="from" at={facts.notBefore} as="full" />],
          [t("until"), <TimeText key="until" at={facts.notAfter} as="full" />],
          [t("key"), facts.keyType],
        ]}
      />
      <div>
        <p className="text-meta text-ink-3">{t("columns.names")}</p>
        <p className="font-mono text-meta wrap-anywhere">{visible(facts.names.join(", "))}</p>
      </div>
      <div>
        <p className="text-meta text-ink-3">{t("fingerprint")}</p>
        <p className="font-mono text-meta wrap-anywhere">{facts.fingerprint}</p>
      </div>
    </div>
  );
}
