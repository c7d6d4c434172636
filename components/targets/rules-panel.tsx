"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Plus } from "lucide-react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";
import { RuleRow } from "./rule-row.tsx";

/** The rules as sentences; edited as a whole and saved as one revision. */
export function RulesPanel({ targets }: { targets: string[] }) {
  const t = useTranslations();
  const hosts = useHosts();
  const rules = useQuery(api.forward.rules.queryOptions());
  const save = useMutation(api.forward.setRules.mutationOptions());
  const [draft, setDraft] = useState<ForwardRule[] | null>(null);
  useLeaveGuard(draft !== null);

  const stored = rules.data?.items ?? [];
  const shown = draft ?? stored;
  const change = (index: number, rule: ForwardRule | null) =>
    setDraft(shown.flatMap((each, at) => (at !== index ? [each] : rule ? [rule] : [])));
  const add = () => {
    const taken = new Set(shown.map((rule) => rule.name));
    const number =
      Array.from({ length: shown.length + 1 }, (_, index) => index + 1).find((each) => !taken.has(`rule-${each}`)) ?? 1;
    setDraft([
      ...shown,
      { name: `rule-${number}`, enabled: true, hosts: [], types: ["chat"], targets: targets.slice(0, 1) },
    ]);
  };
  const isComplete = shown.every(
    (rule) => rule.targets.length > 0 && rule.types.length > 0 && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(rule.name),
  );

  return (
    <Panel
      title={t("targets.rules")}
      note={t("targets.rulesLead")}
      flush
      action={
        <Button size="sm" onClick={add} disabled={targets.length === 0}>
          <Plus aria-hidden className="size-3.5" />
          {t("targets.addRule")}
        </Button>
      }
    >
      <QueryView query={rules} skeleton={<TableSkeleton rows={2} columns={4} />}>
        {() => (
          <>
            {shown.length === 0 ? <p className="px-4 py-4 text-ink-2">{t("targets.rulesEmpty")}</p> : null}
            <ul className="divide-y divide-line">
              {shown.map((rule, index) => (
                <RuleRow
                  key={index}
                  rule={rule}
                  index={index}
                  hosts={hosts}
                  targets={targets}
                  onChange={(next) => change(index, next)}
                />
              ))}
            </ul>
            {draft ? (
              <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
                <span className="mr-auto text-meta text-ink-3">{t("common.unsaved")}</span>
                <Button onClick={() => setDraft(null)}>{t("common.discard")}</Button>
                <Button
                  variant="primary"
                  disabled={!isComplete || save.isPending}
                  onClick={() =>
                    save.mutate(
                      { rules: draft },
                      {
                        onSuccess: ({ revision }) => {
                          setDraft(null);
                          toast.success(t("targets.rulesSaved", { revision: revision.id }), {
                            duration: 10_000,
                            action: { label: t("common.undo"), onClick: () => save.mutate({ rules: stored }) },
                          });
                        },
                      },
                    )
                  }
                >
                  {t("targets.saveRules")}
                </Button>
              </div>
            ) : null}
          </>
        )}
      </QueryView>
    </Panel>
  );
}
