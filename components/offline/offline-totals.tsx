"use client";

import { useFormatter, useLocale, useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { May } from "@/components/kit/may.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { OfflinePolicy } from "@/lib/contracts/offline.ts";
import { formatBytes } from "@/lib/format/bytes.ts";

interface Props {
  totals:
    | { accounts: number; messages: number; bytes: number; oldestAt: string | null; policies: OfflinePolicy[] }
    | undefined;
}

const shown = 5;

/** How much waits, and what is kept: limits, and for how long. */
export function OfflineTotals({ totals }: Props) {
  const t = useTranslations("offline");
  const format = useFormatter();
  const locale = useLocale();
  return (
    <Panel
      title={t("policy")}
      action={
        <May call="modules.get">
          <Link
            href="/modules/module?name=offline"
            className="text-meta text-accent underline-offset-2 hover:underline"
          >
            {t("policyEdit")}
          </Link>
        </May>
      }
    >
      <div className="flex min-h-24 flex-col gap-4">
        {totals ? (
          <>
            <Facts
              facts={[
                [
                  t("waiting"),
                  <span key="m" className="text-body font-semibold">
                    {format.number(totals.messages)}
                  </span>,
                ],
                [t("accounts"), format.number(totals.accounts)],
                [t("size"), formatBytes(totals.bytes, locale)],
                [t("oldest"), totals.oldestAt === null ? "—" : <TimeText key="o" at={totals.oldestAt} />],
              ]}
            />
            <ul className="flex flex-col gap-1 text-ink-2">
              {totals.policies.slice(0, shown).map((policy) => (
                <li key={policy.host}>
                  <PolicyText policy={policy} />
                </li>
              ))}
              <li className="text-meta text-ink-3">{t("policyOverflow")}</li>
            </ul>
          </>
        ) : null}
      </div>
    </Panel>
  );
}

function PolicyText({ policy: { host, maxMessages, maxBytes, expireDays } }: { policy: OfflinePolicy }) {
  const t = useTranslations("offline");
  const locale = useLocale();
  return t("policyOf", {
    host,
    messages: maxMessages === null ? t("policyNoMessages") : t("policyMessages", { count: maxMessages }),
    bytes: maxBytes === null ? t("policyNoBytes") : t("policyBytes", { size: formatBytes(maxBytes, locale) }),
    expiry: expireDays === 0 ? t("policyForever") : t("policyExpires", { days: expireDays }),
  });
}
