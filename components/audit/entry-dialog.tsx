"use client";

import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { Facts } from "@/components/kit/facts.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import type { AuditEntry } from "@/lib/contracts/server.ts";
import { visible } from "@/lib/format/visible.ts";

export function EntryDialog({ entry, onClose }: { entry: AuditEntry | null; onClose: () => void }) {
  const t = useTranslations();
  return (
    <Dialog
      open={entry !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("audit.detail", { id: entry?.id ?? 0 })}
      size="lg"
    >
      {entry ? (
        <>
          <DialogBody>
            <p className="text-body">
              <AuditSentence entry={entry} />
            </p>
            <Facts
              className="lg:grid-cols-3"
              facts={[
                [t("audit.columns.at"), <TimeText key="at" at={entry.at} as="full" />],
                [
                  t("audit.columns.from"),
                  <bdi key="from" className="font-mono text-meta">
                    {visible(entry.address)}
                  </bdi>,
                ],
                [t("audit.columns.result"), t(`audit.results.${entry.result}`)],
                [
                  t("audit.action"),
                  <code key="action" className="font-mono text-meta">
                    {entry.action}
                  </code>,
                ],
                [
                  t("errors.requestId", { id: "" }).trim(),
                  <span key="request" className="inline-flex items-center gap-1 font-mono text-meta">
                    {entry.requestId}
                    <CopyButton text={entry.requestId} />
                  </span>,
                ],
              ]}
            />
            <section>
              <h3 className="mb-1 font-semibold">{t("audit.input")}</h3>
              {entry.detail === null || entry.detail === undefined ? (
                <p className="text-ink-2">{t("audit.noDetail")}</p>
              ) : (
                <pre
                  tabIndex={0}
                  className="max-h-96 overflow-auto rounded-control bg-sunken px-3 py-2 font-mono text-meta whitespace-pre-wrap wrap-anywhere"
                >
                  {visible(JSON.stringify(entry.detail, null, 2), true)}
                </pre>
              )}
            </section>
          </DialogBody>
          <DialogFooter>
            <Button onClick={onClose}>{t("common.close")}</Button>
          </DialogFooter>
        </>
      ) : null}
    </Dialog>
  );
}
