"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { FindingRow } from "@/components/doctor/finding-row.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import type { Finding } from "@/lib/contracts/doctor.ts";

/** What nothing else on the page tells. */
const shown: ReadonlySet<Finding["code"]> = new Set([
  "certificate-not-revoked",
  "certificate-revoked",
  "certificate-must-staple",
  "revocation-unknown",
  "caa-found",
  "caa-missing",
  "caa-forbids",
]);

/** What the last examination says of a host's certificate: its authority's word on it, and who may issue others. */
export function DoctorNotes({ host }: { host: string }) {
  const t = useTranslations("certificates");
  const { data } = useQuery(api.doctor.get.queryOptions());
  if (data === undefined) return null;
  const { examination } = data;
  const findings = examination?.findings.filter(({ subject, code }) => subject === host && shown.has(code)) ?? [];
  return (
    <section>
      <h3 className="flex flex-wrap items-baseline gap-x-2 text-meta text-ink-3">
        {t("doctor")}
        {examination === null ? null : <TimeText at={examination.startedAt} />}
      </h3>
      <ul className="-mx-4 mt-1 divide-y divide-line">
        {findings.map((finding) => (
          <FindingRow key={`${finding.code} ${JSON.stringify(finding.values)}`} finding={finding} />
        ))}
      </ul>
      <p className="text-meta text-ink-2">
        {examination === null ? `${t("notExamined")} ` : null}
        <Link href="/doctor" className="text-accent underline-offset-2 hover:underline">
          {t("toDoctor")}
        </Link>
      </p>
    </section>
  );
}
