"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { XmlView } from "@/components/kit/xml-view.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay, useMe } from "@/lib/api/me.ts";
import type { Report } from "@/lib/contracts/reports.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { ReportReason } from "./report-reason.tsx";

/** A report with what was said, and what an admin makes of it. */
export function ReportDialog({ report, onClose }: { report: Report | null; onClose: () => void }) {
  const t = useTranslations("reports");
  return (
    <Dialog
      open={report !== null}
      onOpenChange={(next) => !next && onClose()}
      title={t("detailTitle", { jid: visible(report?.jid ?? "") })}
      size="md"
      place="side"
    >
      {report === null ? null : <Content key={report.id} report={report} onClose={onClose} />}
    </Dialog>
  );
}

function Content({ report: { id, host }, onClose }: { report: Report; onClose: () => void }) {
  const t = useTranslations();
  const field = useId();
  const may = useMay();
  const mayWrite = may("reports.resolve", host);
  const [note, setNote] = useState("");
  const detail = useQuery(api.reports.get.queryOptions({ input: { id } }));
  const resolve = useMutation(api.reports.resolve.mutationOptions({ meta: { inline: true } }));
  const reopen = useMutation(api.reports.reopen.mutationOptions({ meta: { inline: true } }));
  const error = resolve.error ?? reopen.error;
  const isResolved = detail.data?.resolved != null;
  const close = async (as: "acted" | "dismissed") => {
    await resolve.mutateAsync({ id, as, note: note.trim() });
    toast.success(t("reports.done"));
    onClose();
  };
  const open = async () => {
    await reopen.mutateAsync({ id });
    toast.success(t("reports.reopened"));
  };
  return (
    <>
      <DialogBody>
        {error ? <ProblemBanner error={error} /> : null}
        <QueryView query={detail} skeleton={<TableSkeleton rows={4} columns={2} />}>
          {(report) => <Facts report={report} />}
        </QueryView>
        {mayWrite && detail.data !== undefined && !isResolved ? (
          <>
            <Field label={t("reports.note")} htmlFor={field} note={t("common.optional")} help={t("reports.noteHint")}>
              <Input
                id={field}
                value={note}
                maxLength={1000}
                aria-describedby={`${field}-help`}
                onChange={(event) => setNote(event.target.value)}
              />
            </Field>
            <Equivalent
              command={commandLine("nightpost", "report", "resolve", id, ...(note === "" ? [] : ["--note", note]))}
              method="POST"
              path={`/reports/${id}/resolve`}
              body={{ as: "acted", note }}
            />
          </>
        ) : null}
      </DialogBody>
      <DialogFooter>
        {mayWrite && isResolved ? (
          <Button disabled={reopen.isPending} onClick={() => void open().catch(() => undefined)}>
            {t("reports.reopen")}
          </Button>
        ) : null}
        {mayWrite && detail.data !== undefined && !isResolved ? (
          <>
            <Button disabled={resolve.isPending} onClick={() => void close("dismissed").catch(() => undefined)}>
              {t("reports.dismissed")}
            </Button>
            <Button
              variant="primary"
              disabled={resolve.isPending}
              onClick={() => void close("acted").catch(() => undefined)}
            >
              {t("reports.acted")}
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            {t("common.close")}
          </Button>
        )}
      </DialogFooter>
    </>
  );
}

function Facts({ report }: { report: Report & { about: number } }) {
  const t = useTranslations("reports");
  const actorText = useActorText();
  const hosts = useHosts();
  const mayRead = useMe().data?.permissions.includes("bodies:read") ?? false;
  const domain = report.jid.slice(report.jid.indexOf("@") + 1);
  const isLocal = report.jid.includes("@") && hosts.includes(domain);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <ReportReason reason={report.reason} />
        <JidText jid={report.reporter} />
        <TimeText at={report.at} as="full" />
      </div>
      <p className="text-ink-2">
        {t("about", { count: report.about })}
        <SentenceGap />
        {isLocal ? (
          <Link
            href={`/users/account?jid=${encodeURIComponent(report.jid)}`}
            className="text-accent underline-offset-2 hover:underline"
          >
            {t("account")}
          </Link>
        ) : null}
      </p>
      <section>
        <h3 className="mb-1 font-medium">{t("said")}</h3>
        {report.text === "" ? (
          <p className="text-ink-3">{t("saidNothing")}</p>
        ) : (
          <p className="whitespace-pre-wrap wrap-anywhere">
            <bdi>{visible(report.text, true)}</bdi>
          </p>
        )}
      </section>
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{t("messages")}</h3>
        {report.messages.length === 0 ? <p className="text-ink-3">{t("noMessages")}</p> : null}
        {report.messages.map(({ by, id, xml }) =>
          xml === null ? (
            <p key={`${by} ${id}`} className="text-ink-3">
              <span className="font-mono text-meta">{visible(id)}</span> {t(mayRead ? "notKept" : "hidden")}
            </p>
          ) : (
            <XmlView key={`${by} ${id}`} text={xml} label={t("messages")} />
          ),
        )}
      </section>
      {report.consents.length === 0 ? null : (
        <section>
          <h3 className="mb-1 font-medium">{t("consents")}</h3>
          <ul className="list-disc pl-5 text-ink-2">
            {report.consents.map((consent) => (
              <li key={consent}>
                {consent === "report-origin" || consent === "third-party"
                  ? t(`consentNames.${consent}`)
                  : visible(consent)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {report.resolved === null ? null : (
        <p className="text-ink-2">
          {t("resolvedBy", { by: actorText(report.resolved.by) })} <TimeText at={report.resolved.at} as="full" />
          {report.note === "" ? null : <bdi className="block">{visible(report.note)}</bdi>}
        </p>
      )}
    </>
  );
}
