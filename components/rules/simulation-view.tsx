"use client";

import { Check, CircleSlash, X } from "lucide-react";
import { useLocale, useTranslations } from "use-intl";
import { SentenceGap, useJoints } from "@/components/kit/joints.tsx";
import { PayloadView } from "@/components/kit/payload-view.tsx";
import { TargetKindIcon, targetKinds } from "@/components/kit/target-kind.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Badge } from "@/components/ui/badge.tsx";
import type { Simulation } from "@/lib/contracts/simulation.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { cn } from "@/lib/format/cn.ts";

/** Stored or not, each rule's vote, and what each target would be sent. */
export function SimulationView({ simulation }: { simulation: Simulation }) {
  const t = useTranslations("simulator");
  const sentence = useSentence();
  const { stored, reason, encrypted, rules, events, skipped } = simulation;
  const isForwarded = events.length > 0;
  const Icon = isForwarded ? Check : CircleSlash;
  return (
    <div className="flex flex-col gap-5">
      <div className={cn("flex items-start gap-3 rounded-control px-4 py-3", isForwarded ? "bg-ok-soft" : "bg-sunken")}>
        <Icon aria-hidden className={cn("mt-0.5 size-5 shrink-0", isForwarded ? "text-ok" : "text-ink-3")} />
        <div className="min-w-0">
          <p className={cn("text-section font-semibold", isForwarded && "text-ok")}>
            {isForwarded ? t("forwarded", { count: events.length }) : t("notForwarded")}
          </p>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink">
            <Badge tone="neutral">{simulation.class ? t(`classes.${simulation.class}`) : t("noClass")}</Badge>
            {encrypted === null ? null : <Badge tone="violet">{t("encrypted")}</Badge>}
            <span className="wrap-anywhere">
              {t(stored ? "stored" : "notStored")}
              <SentenceGap />
              <span className="text-ink-2">{sentence(reason)}</span>
            </span>
          </p>
        </div>
      </div>
      {rules.length === 0 ? null : (
        <section>
          <h3 className="mb-1.5 font-semibold">{t("rules")}</h3>
          <ol className="flex flex-col">
            {rules.map((rule, index) => (
              <li key={index} className="flex items-baseline gap-2 border-l-2 border-line py-1 pl-3">
                {rule.matched ? (
                  <Check aria-label={t("matched")} className="size-3.5 shrink-0 translate-y-0.5 text-ok" />
                ) : (
                  <X aria-label={t("notMatched")} className="size-3.5 shrink-0 translate-y-0.5 text-ink-3" />
                )}
                <span className={rule.matched ? "font-medium" : "text-ink-2"}>{rule.name}</span>
                <span className="min-w-0 text-meta wrap-anywhere text-ink-3">{sentence(rule.reason)}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {isForwarded || skipped.length > 0 ? (
        <section>
          <h3 className="mb-1.5 font-semibold">{t("targets")}</h3>
          <ul className="flex flex-col gap-3">
            {events.map((event) => (
              <Event key={event.target} event={event} />
            ))}
            {skipped.map(({ target, reason: why }) => (
              <li key={target} className="flex items-baseline gap-2 text-ink-2">
                <CircleSlash aria-hidden className="size-3.5 shrink-0 translate-y-0.5 text-ink-3" />
                <span className="font-medium">{target}</span>
                <span className="text-meta wrap-anywhere text-ink-3">{sentence(why)}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

function Event({ event }: { event: Simulation["events"][number] }) {
  const t = useTranslations("simulator");
  const forward = useTranslations("forward");
  const { colon } = useJoints();
  const locale = useLocale();
  return (
    <li className="rounded-control border border-line">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2">
        <span className="inline-flex items-center gap-1.5 font-medium">
          <TargetKindIcon kind={targetKinds.find((kind) => kind === event.kind) ?? "webhook"} />
          {event.target}
        </span>
        <span className="text-meta text-ink-3">{t("byRule", { rule: event.rule })}</span>
        {event.devices === null ? null : (
          <Badge tone={event.devices === 0 ? "warn" : "neutral"}>{t("devices", { count: event.devices })}</Badge>
        )}
        <span className="ml-auto text-meta text-ink-3">
          {event.contentType} · {formatBytes(event.bytes, locale)}
        </span>
      </div>
      <div className="flex flex-col gap-2 p-3">
        {event.payload === null ? (
          <p className="text-ink-2">{forward("bodyHidden")}</p>
        ) : (
          <PayloadView text={event.payload} contentType={event.contentType} />
        )}
        <p className="flex flex-wrap gap-x-3 text-meta text-ink-3">
          <span>
            {t("due")}
            <SentenceGap />
            <TimeText at={event.dueAt} />
          </span>
          <span>
            {t("expires")}
            <SentenceGap />
            <TimeText at={event.expiresAt} />
          </span>
          {event.cancelOn === "never" ? null : (
            <span>
              {forward("cancelOn")}
              {colon}
              {forward(`cancelOns.${event.cancelOn}`)}
            </span>
          )}
        </p>
      </div>
    </li>
  );
}
