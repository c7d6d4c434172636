"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Field } from "@/components/kit/field.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useTold } from "@/components/kit/use-told.ts";
import { VerdictText } from "@/components/kit/verdict-text.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserDetail } from "@/lib/contracts/users.ts";

/** What may this account do? Every access rule with its verdict and the line that decided. */
export function AccessTab({ user }: { user: UserDetail }) {
  const t = useTranslations("users");
  const told = useTold();
  const id = useId();
  const [ip, setIp] = useState("");
  const policy = useQuery(api.policy.get.queryOptions());
  const rules = policy.data
    ? [
        ...new Set([
          ...Object.keys(policy.data.policy.accessRules),
          ...Object.keys(policy.data.policy.hosts[user.host]?.accessRules ?? {}),
        ]),
      ]
    : [];
  const verdicts = useQueries({
    queries: rules.map((rule) =>
      api.policy.testAccess.queryOptions({
        input: { rule, jid: user.jid, host: user.host, ...(ip.trim() ? { ip: ip.trim() } : {}) },
      }),
    ),
  });
  const rows = rules.map((rule, index) => ({
    rule,
    verdict: verdicts[index]?.data,
    isError: verdicts[index]?.isError ?? false,
  }));

  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{t("accessLead")}</p>
      <Field label={t("accessIp")} htmlFor={id} help={t("accessIpHint")} className="w-72 max-sm:w-full">
        <Input
          id={id}
          value={ip}
          onChange={(event) => setIp(event.target.value)}
          placeholder="192.0.2.7"
          aria-describedby={`${id}-help`}
        />
      </Field>
      <Panel flush>
        <QueryView query={policy} skeleton={<TableSkeleton rows={5} columns={3} />}>
          {() => (
            <DataTable
              label={t("tabs.access")}
              rows={rows}
              rowKey={(row) => row.rule}
              columns={[
                {
                  id: "rule",
                  header: t("accessColumns.rule"),
                  render: (row) => <span className="font-medium">{row.rule}</span>,
                },
                {
                  id: "verdict",
                  header: t("accessColumns.verdict"),
                  render: (row) =>
                    row.verdict ? (
                      <VerdictText isAllowed={row.verdict.allowed} />
                    ) : row.isError ? (
                      "—"
                    ) : (
                      <Skeleton className="w-14" />
                    ),
                },
                {
                  id: "line",
                  header: t("accessColumns.line"),
                  render: (row) => (
                    <code className="font-mono text-meta wrap-anywhere text-ink-2">
                      {row.verdict === undefined ? "" : told({ ...row.verdict, message: row.verdict.text })}
                    </code>
                  ),
                },
                {
                  id: "why",
                  header: t("why"),
                  isBare: true,
                  isNumber: true,
                  render: (row) => (
                    <Link
                      href={`/access?tab=why&rule=${encodeURIComponent(row.rule)}&jid=${encodeURIComponent(user.jid)}${ip ? `&ip=${encodeURIComponent(ip)}` : ""}`}
                      className="text-accent underline-offset-2 hover:underline"
                    >
                      {t("why")}
                    </Link>
                  ),
                },
              ]}
            />
          )}
        </QueryView>
      </Panel>
    </div>
  );
}
