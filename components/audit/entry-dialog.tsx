"use client";

import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { ChangesList } from "@/components/kit/changes-list.tsx";
import { Facts } from "@/components/kit/facts.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import type { AuditEntry } from "@/lib/contracts/server.ts";
import { visible } from "@/lib/format/visible.ts";
import { entryDetail } from "./entry-detail.ts";
import { useCapacity } from "./means-text.tsx";
import { UndoButton } from "./undo-button.tsx";

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
            <EntryFacts entry={entry} />
            <Changes entry={entry} />
          </DialogBody>
          <DialogFooter>
            <UndoButton entry={entry} onDone={onClose} />
            <Button onClick={onClose}>{t("common.close")}</Button>
          </DialogFooter>
        </>
      ) : null}
    </Dialog>
  );
}

function EntryFacts({ entry }: { entry: AuditEntry }) {
  const t = useTranslations();
  const capacity = useCapacity();
  const mono = (text: string) => <bdi className="font-mono text-meta wrap-anywhere">{visible(text)}</bdi>;
  return (
    <Facts
      className="lg:grid-cols-3"
      facts={[
        [t("audit.columns.at"), <TimeText key="at" at={entry.at} as="full" />],
        [t("audit.columns.from"), mono(entry.address)],
        [t("audit.columns.as"), capacity(entry.means)],
        [t("audit.means.agent"), entry.means ? visible(entry.means.userAgent) : null],
        [t("audit.means.credential"), entry.means?.credential ? mono(entry.means.credential) : null],
        [t("audit.columns.result"), t(`audit.results.${entry.result}`)],
        [t("audit.action"), mono(entry.action)],
        [
          t("errors.requestId", { id: "" }).trim(),
          <span key="request" className="inline-flex items-center gap-1">
            {mono(entry.requestId)}
            <CopyButton text={entry.requestId} />
          </span>,
        ],
        [t("audit.columns.chain"), mono(entry.hash)],
      ]}
    />
  );
}

/** Before and after where the entry tells, and the input as it came, without secrets. */
function Changes({ entry }: { entry: AuditEntry }) {
  const t = useTranslations("audit");
  const sentence = useSentence();
  const { changes, moreChanges, reason, rest } = entryDetail(entry.detail);
  return (
    <>
      {reason ? <p className="text-err">{sentence(reason)}</p> : null}
      {changes ? (
        <section>
          <h3 className="mb-1 font-semibold">{t("changed")}</h3>
          <ChangesList changes={changes} />
          {moreChanges ? <p className="mt-1 text-ink-3">{t("moreChanges", { count: moreChanges })}</p> : null}
        </section>
      ) : null}
      <section>
        <h3 className="mb-1 font-semibold">{t("input")}</h3>
        {Object.keys(rest).length === 0 ? (
          <p className="text-ink-2">{t("noDetail")}</p>
        ) : (
          <pre
            tabIndex={0}
            className="max-h-80 overflow-auto rounded-control bg-sunken px-3 py-2 font-mono text-meta whitespace-pre-wrap wrap-anywhere"
          >
            {visible(JSON.stringify(rest, null, 2), true)}
          </pre>
        )}
      </section>
    </>
  );
}
