"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { visible } from "@/lib/format/visible.ts";

/** What is allowed once and has not been used yet. Nothing while there is none. */
export function PassesPanel({ host }: { host: string | null }) {
  const t = useTranslations("registration");
  const { colon } = useJoints();
  const actorText = useActorText();
  const passes = useQuery(api.registration.passes.queryOptions({ input: host ? { host } : {} }));
  const revoke = useMutation(
    api.registration.revokePass.mutationOptions({ onSuccess: () => toast.success(t("passRevoked")) }),
  );
  const items = passes.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={t("passes")} flush>
      <DataTable
        label={t("passes")}
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          { id: "jid", header: t("columns.jid"), render: ({ jid }) => <JidText jid={jid} /> },
          {
            id: "network",
            header: t("columns.address"),
            render: ({ network }) => <bdi className="font-mono text-meta text-ink-2">{network}</bdi>,
          },
          { id: "until", header: t("columns.expires"), render: ({ expiresAt }) => <TimeText at={expiresAt} /> },
          { id: "by", header: t("columns.by"), render: ({ createdBy }) => <bdi>{actorText(createdBy)}</bdi> },
          {
            id: "revoke",
            header: t("revokePass"),
            isBare: true,
            isNumber: true,
            render: ({ id, jid, host: of }) => (
              <May call="registration.revokePass" host={of}>
                <Button
                  size="sm"
                  disabled={revoke.isPending}
                  aria-label={`${t("revokePass")}${colon}${visible(jid)}`}
                  onClick={() => revoke.mutate({ id })}
                >
                  {t("revokePass")}
                </Button>
              </May>
            ),
          },
        ]}
      />
    </Panel>
  );
}
