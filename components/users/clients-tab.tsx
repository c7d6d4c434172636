"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserClient, UserDetail } from "@/lib/contracts/users.ts";
import { visible } from "@/lib/format/visible.ts";
import { SignOutDialog } from "./sign-out-dialog.tsx";

/** Who can get in: every client with a session, a token or the password (XEP-0494). */
export function ClientsTab({ user: { jid, host } }: { user: UserDetail }) {
  const t = useTranslations("users");
  const { colon } = useJoints();
  const [leaving, setLeaving] = useState<UserClient | null>(null);
  const clients = useQuery(api.users.clients.queryOptions({ input: { jid } }));
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{t("clientsLead")}</p>
      <Panel flush>
        <QueryView query={clients} skeleton={<TableSkeleton rows={3} columns={5} />}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="px-4 py-4 text-ink-2">{t("noClients")}</p>
            ) : (
              <DataTable
                label={t("tabs.clients")}
                rows={items}
                rowKey={(client) => client.id}
                columns={[
                  { id: "client", header: t("clientColumns.client"), render: (client) => <Name client={client} /> },
                  { id: "state", header: t("clientColumns.state"), render: (client) => <State client={client} /> },
                  { id: "access", header: t("clientColumns.access"), render: (client) => <Access client={client} /> },
                  {
                    id: "address",
                    header: t("clientColumns.address"),
                    render: ({ address }) => (
                      <bdi className="font-mono text-meta whitespace-nowrap text-ink-2">{address}</bdi>
                    ),
                  },
                  {
                    id: "first",
                    header: t("clientColumns.first"),
                    render: (client) => <TimeText at={client.firstAt} />,
                  },
                  { id: "last", header: t("clientColumns.last"), render: (client) => <TimeText at={client.lastAt} /> },
                  {
                    id: "sign-out",
                    header: t("signOut"),
                    isBare: true,
                    isNumber: true,
                    render: (client) => (
                      <May call="users.revokeClient" host={host}>
                        <Button
                          size="sm"
                          onClick={() => setLeaving(client)}
                          aria-label={`${t("signOut")}${colon}${visible(client.software ?? client.id)}`}
                        >
                          {t("signOut")}
                        </Button>
                      </May>
                    ),
                  },
                ]}
              />
            )
          }
        </QueryView>
      </Panel>
      <SignOutDialog jid={jid} client={leaving} onClose={() => setLeaving(null)} />
    </div>
  );
}

function Name({ client: { software, device, id } }: { client: UserClient }) {
  const t = useTranslations("users");
  return (
    <span className="min-w-0">
      <bdi className="font-medium">{software === null ? t("unnamedClient") : visible(software)}</bdi>
      <bdi className="block max-w-64 truncate text-meta text-ink-3">{visible(device ?? id)}</bdi>
    </span>
  );
}

function State({ client: { sessions } }: { client: UserClient }) {
  const t = useTranslations("users");
  return sessions.length > 0 ? (
    <span className="text-ok">{t("status.online", { count: sessions.length })}</span>
  ) : (
    <span className="text-ink-3">{t("status.offline")}</span>
  );
}

function Access({ client: { knowsPassword, hasToken, mechanism } }: { client: UserClient }) {
  const t = useTranslations("users");
  const ways = [knowsPassword ? t("clientAccess.password") : "", hasToken ? t("clientAccess.token") : ""];
  const text = ways.filter((way) => way !== "").join(" + ") || t("clientAccess.session");
  return (
    <span>
      {text}
      <span className="block text-meta text-ink-3">{mechanism}</span>
    </span>
  );
}
