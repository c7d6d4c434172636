"use client";

import { Check, ChevronRight, X } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import type { ForwardAttempt } from "@/lib/contracts/forward-event.ts";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";
import { changesSince } from "@/lib/format/attempt-diff.ts";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";
import { ChangesList } from "./changes-list.tsx";
import { HeadersTable } from "./headers-table.tsx";
import { useJoints } from "./joints.tsx";
import { PayloadView } from "./payload-view.tsx";
import { RemedyText, WebhookRemedyText } from "./remedy-text.tsx";
import { TimeText } from "./time-text.tsx";
import { TimingBar } from "./timing-bar.tsx";
import { useSentence } from "./use-sentence.ts";

interface Props {
  attempt: ForwardAttempt;
  /** The attempt before it, whose differences can be shown. */
  previous?: ForwardAttempt | undefined;
  kind: TargetKind;
  isOpen: boolean;
}

/** A step of the timeline: what was asked, what came back, and where the time went. */
export function AttemptCard({ attempt, previous, kind, isOpen }: Props) {
  const t = useTranslations();
  const { colon } = useJoints();
  const sentence = useSentence();
  const format = useFormatter();
  const isDelivered = attempt.outcome === "delivered";
  const Icon = isDelivered ? Check : X;
  // An attempt fails by an answer like 503 or by a broken connection; only the latter had no answer.
  const explanation = attempt.outcome === "failed" && attempt.status !== null ? "rejected" : attempt.outcome;
  const provider = t(`targets.kinds.${kind}`);
  return (
    <li className="relative border-l border-line pb-4 pl-5 last:border-transparent last:pb-0">
      <span
        aria-hidden
        className={cn(
          "absolute top-0.5 -left-[9px] flex size-[17px] items-center justify-center rounded-full border bg-surface",
          isDelivered ? "border-ok text-ok" : "border-err text-err",
        )}
      >
        <Icon className="size-2.5" strokeWidth={3} />
      </span>
      <details open={isOpen} data-attempt={attempt.number} className="group">
        <summary className="flex min-h-6 list-none flex-wrap items-center gap-x-2.5 gap-y-0.5 [&::-webkit-details-marker]:hidden">
          <ChevronRight aria-hidden className="size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
          <span className="font-medium">{t("forward.attempt", { number: attempt.number })}</span>
          <Badge tone={isDelivered ? "ok" : "err"}>
            {attempt.status === null ? null : <span className="font-mono">{attempt.status}</span>}
            {kind !== "webhook" && isDelivered
              ? t("forward.accepted")
              : t(`forward.attemptOutcomes.${attempt.outcome}`)}
          </Badge>
          <span className="font-mono text-meta text-ink-2">{format.number(Math.round(attempt.timing.totalMs))} ms</span>
          <span className="ml-auto text-meta text-ink-3">
            <TimeText at={attempt.startedAt} as="clock" />
          </span>
        </summary>
        <div className="mt-2 flex flex-col gap-3">
          <p className="text-ink-2">
            {kind === "webhook"
              ? t(`forward.explain.${explanation}`)
              : t(`forward.explainPush.${explanation}`, { provider })}
            {attempt.error ? (
              <bdi className="ml-1 font-mono text-meta wrap-anywhere">{sentence(attempt.error)}</bdi>
            ) : null}
            {kind === "webhook" ? (
              <WebhookRemedyText attempt={attempt} />
            ) : (
              <RemedyText kind={kind} error={attempt.error} />
            )}
          </p>
          {attempt.providerId === null ? null : (
            <p className="flex flex-wrap items-center gap-x-2 text-meta">
              <span className="text-ink-3">{t("forward.providerId")}</span>
              <code className="font-mono wrap-anywhere">{visible(attempt.providerId)}</code>
              <CopyButton text={attempt.providerId} />
            </p>
          )}
          <TimingBar timing={attempt.timing} />
          <section>
            <h4 className="mb-1 text-meta text-ink-3">{t("forward.request")}</h4>
            <p className="font-mono text-meta wrap-anywhere">
              <span className="font-medium">{attempt.request.method}</span> {visible(attempt.request.url)}
            </p>
            {attempt.address ? (
              <p className="text-meta text-ink-3">{t("forward.connectedTo", { address: attempt.address })}</p>
            ) : null}
            <HeadersTable
              label={`${t("forward.request")}${colon}${t("forward.headers")}`}
              headers={attempt.request.headers}
            />
          </section>
          <section>
            <h4 className="mb-1 text-meta text-ink-3">{t("forward.response")}</h4>
            {attempt.response ? (
              <>
                <HeadersTable
                  label={`${t("forward.response")}${colon}${t("forward.headers")}`}
                  headers={attempt.response.headers}
                />
                {attempt.response.body === null ? (
                  <p className="text-ink-2">{t("forward.answerHidden")}</p>
                ) : (
                  <PayloadView text={attempt.response.body} contentType={contentTypeOf(attempt.response.headers)} />
                )}
                {attempt.response.truncated ? (
                  <p className="mt-1 text-meta text-warn">{t("forward.truncated")}</p>
                ) : null}
              </>
            ) : (
              <p className="text-ink-2">{t("forward.noResponse")}</p>
            )}
          </section>
          {previous === undefined ? null : (
            <details className="group/changes">
              <summary className="flex min-h-6 list-none items-center gap-1.5 text-meta text-ink-3 [&::-webkit-details-marker]:hidden">
                <ChevronRight aria-hidden className="size-3.5 transition-transform group-open/changes:rotate-90" />
                {t("forward.changesSince", { number: previous.number })}
              </summary>
              <div className="mt-1.5">
                <ChangesList changes={changesSince(previous, attempt)} />
              </div>
            </details>
          )}
        </div>
      </details>
    </li>
  );
}

const contentTypeOf = (headers: [string, string][]): string =>
  headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
