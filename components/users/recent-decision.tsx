"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { RegistrationDecision } from "@/lib/contracts/registration.ts";
import type { MessageDecision } from "@/lib/contracts/trace.ts";
import { visible } from "@/lib/format/visible.ts";

const linked = "underline-offset-2 hover:underline";

/** What a module decided about a message, and which forward rules told whom. */
export function DecisionSentence({ decision }: { decision: MessageDecision }) {
  const t = useTranslations("users");
  const { kind, by, detail, from, to, traceId, planned, forwards } = decision;
  const sentence = t.rich(`recentDecisions.${kind}`, {
    by: by ?? "—",
    detail: detail ?? "",
    from: () => <JidText jid={from} />,
    to: () => <JidText jid={to} />,
  });
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {traceId === null ? (
        <span>{sentence}</span>
      ) : (
        <Link href={`/trace?id=${encodeURIComponent(traceId)}`} className={linked}>
          {sentence}
        </Link>
      )}
      {forwards.map(({ id, rule, target }) => (
        <span key={id} className="text-ink-2">
          {t.rich("recentByRule", {
            rule: () => <RuleLink name={rule} />,
            target: () => (
              <Link href={eventHref(id)} className={linked}>
                {target}
              </Link>
            ),
          })}
        </span>
      ))}
      {forwards.length === 0 && planned > 0 ? (
        <span className="text-ink-2">{t("recentPlanned", { count: planned })}</span>
      ) : null}
      {kind === "stored" && planned === 0 && forwards.length === 0 ? (
        <span className="text-ink-3">{t("recentUnruled")}</span>
      ) : null}
    </span>
  );
}

/** What became of an attempt to register the name, and the line of the policy that decided. */
export function RegistrationSentence({ decision: { jid, verdict } }: { decision: RegistrationDecision }) {
  const t = useTranslations("registration");
  return (
    <Link
      href={`/registration?jid=${encodeURIComponent(jid)}`}
      className={`inline-flex flex-wrap items-center gap-x-2 ${linked}`}
    >
      <span className={verdict.allowed ? "text-ok" : "text-err"}>{t(`codes.${verdict.code}`)}</span>
      <code className="font-mono text-meta wrap-anywhere text-ink-2">{visible(verdict.line)}</code>
    </Link>
  );
}

/** The rule, in the list of rules. */
export function RuleLink({ name }: { name: string }): ReactNode {
  return (
    <Link href={`/forward/rules?rule=${encodeURIComponent(name)}`} className={linked}>
      <bdi>{visible(name)}</bdi>
    </Link>
  );
}

export function eventHref(id: string): string {
  return `/forward/event?id=${encodeURIComponent(id)}`;
}
