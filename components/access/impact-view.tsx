"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { api } from "@/lib/api/client.ts";
import type { PolicyImpact } from "@/lib/contracts/policy-impact.ts";
import type { Policy } from "@/lib/contracts/policy.ts";

type RuleImpact = PolicyImpact["rules"][number];
type Affected = RuleImpact["gain"];

/** For whom a draft changes the answers, asked over all accounts and sessions. */
export function ImpactView({ policy }: { policy: Policy }) {
  const t = useTranslations("policy.impact");
  const check = useQuery(api.policy.check.queryOptions({ input: { policy, impact: true }, staleTime: 10_000 }));
  const impact = check.data?.impact;
  return (
    <section>
      <h3 className="mb-2 font-semibold">{t("title")}</h3>
      <div aria-live="polite">
        {check.isPending ? (
          <p className="text-ink-2">{t("waiting")}</p>
        ) : impact ? (
          <Outcome impact={impact} />
        ) : (
          <p className="text-ink-2">{t("failed")}</p>
        )}
      </div>
    </section>
  );
}

function Outcome({ impact: { accounts, sessions, rules } }: { impact: PolicyImpact }) {
  const t = useTranslations("policy.impact");
  if (rules.length === 0) return <p className="text-ink-2">{t("none")}</p>;
  const { total, checked } = accounts;
  return (
    <>
      <p className="mb-2 text-meta text-ink-3 tabular-nums">
        {checked < total ? t("sampled", { checked, total, sessions }) : t("asked", { total, sessions })}
      </p>
      <ul className="flex flex-col divide-y divide-line border-y border-line">
        {rules.map((impact) => (
          <RuleRow key={impact.rule} impact={impact} />
        ))}
      </ul>
    </>
  );
}

function RuleRow({ impact: { rule, gain, lose, online } }: { impact: RuleImpact }) {
  const t = useTranslations("policy.impact");
  const isSame = [gain, lose, online.gain, online.lose].every(({ count }) => count === 0);
  return (
    <li className="flex flex-col gap-1.5 py-2.5">
      <p className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-meta font-medium wrap-anywhere">{rule}</code>
        {isSame ? <span className="text-ink-3">{t("same")}</span> : null}
      </p>
      <Side name={t("accounts")} gain={gain} lose={lose} />
      <Side name={t("online")} gain={online.gain} lose={online.lose} />
    </li>
  );
}

function Side({ name, gain, lose }: { name: string; gain: Affected; lose: Affected }) {
  const t = useTranslations("policy.impact");
  if (gain.count + lose.count === 0) return null;
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-meta">
      <span className="text-ink-2">{name}</span>
      <div className="flex flex-col gap-1">
        {gain.count > 0 ? <Group text={t("gain", { count: gain.count })} tone="ok" {...gain} /> : null}
        {lose.count > 0 ? <Group text={t("lose", { count: lose.count })} tone="err" {...lose} /> : null}
      </div>
    </div>
  );
}

function Group({ text, tone, count, samples }: Affected & { text: string; tone: "ok" | "err" }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
      <Badge tone={tone} className="tabular-nums">
        {text}
      </Badge>
      {samples.map((jid) => (
        <JidText key={jid} jid={jid} />
      ))}
      {samples.length > 0 && samples.length < count ? <span className="text-ink-3">…</span> : null}
    </p>
  );
}
