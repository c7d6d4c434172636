"use client";

import { useQuery } from "@tanstack/react-query";
import { Check, Trash2, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { May } from "@/components/kit/may.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { api } from "@/lib/api/client.ts";
import type { Policy, PolicyTest } from "@/lib/contracts/policy.ts";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  /** The document that is asked. */
  policy: Policy;
  onRemove?: (index: number) => void;
}

/** The tests kept with a policy, and how each of them comes out. */
export function TestList({ policy, onRemove }: Props) {
  const t = useTranslations("policy.tests");
  const runs = useQuery(
    api.policy.test.queryOptions({ input: { draft: policy }, enabled: policy.tests.length > 0, staleTime: 10_000 }),
  );
  if (policy.tests.length === 0) return <p className="text-ink-2">{t("none")}</p>;
  return (
    <ul className="flex flex-col divide-y divide-line border-y border-line">
      {policy.tests.map((test, index) => (
        <li key={index} className="flex items-center gap-2.5 py-2">
          <Outcome passed={runs.data?.items[index]?.passed} />
          <p className="min-w-0 flex-1 wrap-anywhere">
            <bdi className="font-medium">{visible(test.name)}</bdi>
            <Question test={test} />
          </p>
          {onRemove ? (
            <May call="policy.apply">
              <IconButton label={t("remove", { name: test.name })} size="sm" onClick={() => onRemove(index)}>
                <Trash2 aria-hidden className="size-3.5" />
              </IconButton>
            </May>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Outcome({ passed }: { passed: boolean | undefined }) {
  const t = useTranslations("policy.tests");
  if (passed === undefined) return <span className="size-3.5 shrink-0" />;
  return passed ? (
    <Check aria-label={t("passed")} className="size-3.5 shrink-0 text-ok" />
  ) : (
    <X aria-label={t("failed")} className="size-3.5 shrink-0 text-err" />
  );
}

function Question({ test: { rule, jid, ip, host, expected } }: { test: PolicyTest }) {
  const t = useTranslations("policy.tests");
  return (
    <span className="block text-meta text-ink-2">
      {t(expected, { rule })} <JidText jid={jid} /> {ip === undefined ? null : t("from", { ip })}{" "}
      {host === undefined ? null : t("on", { host })}
    </span>
  );
}
