"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { ChangesList } from "@/components/kit/changes-list.tsx";
import { Facts } from "@/components/kit/facts.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { AuditEntry } from "@/lib/contracts/server.ts";
import { visible } from "@/lib/format/visible.ts";
import { entryDetail } from "./entry-detail.ts";

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
            <Undo entry={entry} onDone={onClose} />
            <Button onClick={onClose}>{t("common.close")}</Button>
          </DialogFooter>
        </>
      ) : null}
    </Dialog>
  );
}

function EntryFacts({ entry }: { entry: AuditEntry }) {
  const t = useTranslations();
  const mono = (text: string) => <bdi className="font-mono text-meta wrap-anywhere">{visible(text)}</bdi>;
  return (
    <Facts
      className="lg:grid-cols-3"
      facts={[
        [t("audit.columns.at"), <TimeText key="at" at={entry.at} as="full" />],
        [t("audit.columns.from"), mono(entry.address)],
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
  const { changes, moreChanges, reason, rest } = entryDetail(entry.detail);
  return (
    <>
      {reason ? <p className="text-err">{visible(reason)}</p> : null}
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

/** The newest change of the policy is taken back from here; what others were built upon, from the history. */
function Undo({ entry, onDone }: { entry: AuditEntry; onDone: () => void }) {
  const t = useTranslations();
  const may = useMay();
  const { base, changes } = entryDetail(entry.detail);
  const isChange = entry.result === "done" && base !== undefined && (changes?.length ?? 0) > 0;
  const policy = useQuery(api.policy.get.queryOptions({ enabled: isChange && may("policy.rollback") }));
  const rollback = useMutation(api.policy.rollback.mutationOptions());
  if (!isChange || !policy.data) return null;
  if (policy.data.revision.id !== base + 1) {
    return (
      <Button asChild className="mr-auto">
        <Link href="/access?tab=history">{t("audit.toHistory")}</Link>
      </Button>
    );
  }
  return (
    <Button
      className="mr-auto"
      disabled={rollback.isPending}
      onClick={() =>
        rollback.mutate(
          { id: base },
          {
            onSuccess: ({ revision }) => {
              toast.success(t("access.history.rolledBack", { id: revision.id }));
              onDone();
            },
          },
        )
      }
    >
      <Undo2 aria-hidden className="size-3.5" />
      {t("audit.undo", { id: base })}
    </Button>
  );
}
