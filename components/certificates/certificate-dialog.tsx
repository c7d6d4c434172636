"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Dialog, DialogBody } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostCertificate } from "@/lib/contracts/certificates.ts";
import { CertificateFacts } from "./certificate-facts.tsx";
import { DoctorNotes } from "./doctor-notes.tsx";

/** What a host shows, for which of its services it is good, and what it has shown before. */
export function CertificateDialog({ row, onClose }: { row: HostCertificate | null; onClose: () => void }) {
  const t = useTranslations("certificates");
  return (
    <Dialog open={row !== null} onOpenChange={(open) => !open && onClose()} title={row?.host ?? ""} size="md">
      {row === null ? null : (
        <DialogBody>
          {row.certificate ? (
            <CertificateFacts facts={row.certificate} />
          ) : (
            <p className="text-ink-3">{t("sources.none")}</p>
          )}
          {row.source === "file" ? <p className="text-ink-2">{t("fileText")}</p> : null}
          {row.services.length === 0 ? null : (
            <section>
              <h3 className="text-meta text-ink-3">{t("services")}</h3>
              <ul className="mt-1 divide-y divide-line">
                {row.services.map(({ name, covered }) => (
                  <li key={name} className="flex items-baseline gap-3 py-1.5">
                    <bdi className="min-w-0 flex-1 font-mono text-meta wrap-anywhere">{name}</bdi>
                    <span className={covered ? "text-ok" : "text-warn"}>{t(covered ? "covered" : "notCovered")}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <DoctorNotes host={row.host} />
          <History host={row.host} />
        </DialogBody>
      )}
    </Dialog>
  );
}

function History({ host }: { host: string }) {
  const t = useTranslations("certificates");
  const actorText = useActorText();
  const history = useQuery(api.certificates.history.queryOptions({ input: { host } }));
  return (
    <QueryView query={history} skeleton={<TableSkeleton rows={2} columns={3} />}>
      {({ items }) =>
        items.length === 0 ? null : (
          <section>
            <h3 className="text-meta text-ink-3">{t("history")}</h3>
            <ul className="mt-1 divide-y divide-line">
              {items.map(({ since, author, source, fingerprint }) => (
                <li key={since} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-1.5">
                  <span className="text-meta text-ink-3">
                    <TimeText at={since} as="full" />
                  </span>
                  <span>{t(`sources.${source}`)}</span>
                  <bdi className="min-w-0 flex-1 text-ink-2">{actorText(author)}</bdi>
                  {fingerprint ? (
                    <code className="font-mono text-meta text-ink-3">{fingerprint.slice(0, 23)}…</code>
                  ) : null}
                </li>
              ))}
            </ul>
          </section>
        )
      }
    </QueryView>
  );
}
