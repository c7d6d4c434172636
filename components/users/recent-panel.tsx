"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { UserDetail } from "@/lib/contracts/users.ts";
import { visible } from "@/lib/format/visible.ts";

const shown = 20;

interface Entry {
  key: string;
  at: string;
  kind: "login" | "forward" | "admin";
  text: ReactNode;
}

/** The latest of any kind about an account: who logged in, what was forwarded, what admins did. */
export function RecentPanel({ user: { jid, host } }: { user: UserDetail }) {
  const t = useTranslations("users");
  const may = useMay();
  const clients = useQuery(api.users.clients.queryOptions({ input: { jid } }));
  const forwards = useQuery(
    api.forward.list.queryOptions({ input: { user: jid, limit: shown }, enabled: may("forward.list", host) }),
  );
  const audit = useQuery(
    api.audit.list.queryOptions({ input: { search: jid, limit: shown }, enabled: may("audit.list") }),
  );

  const logins = (clients.data?.items ?? []).map((client): Entry => {
    const { id, lastAt, software, device, mechanism, address } = client;
    const name = [software, device].flatMap((part) => part ?? []).join(", ");
    const values = { client: visible(name) || t("unnamedClient"), address, mechanism };
    return { key: `login ${id}`, at: lastAt, kind: "login", text: t("recentLogin", values) };
  });
  const events = (forwards.data?.items ?? []).map((event): Entry => ({
    key: `forward ${event.id}`,
    at: event.createdAt,
    kind: "forward",
    text: (
      <Link
        href={`/forward/event?id=${encodeURIComponent(event.id)}`}
        className="inline-flex flex-wrap items-center gap-x-2 underline-offset-2 hover:underline"
      >
        <ForwardStateText state={event.state} isPush={event.device !== null} />
        <span className="text-ink-2">{event.target}</span>
      </Link>
    ),
  }));
  const acts = (audit.data?.items ?? [])
    .filter(({ object, actor }) => object === jid || actor === jid)
    .map((entry): Entry => ({
      key: `audit ${entry.id}`,
      at: entry.at,
      kind: "admin",
      text: <AuditSentence entry={entry} />,
    }));
  const entries = [...logins, ...events, ...acts].toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, shown);

  return (
    <Panel title={t("recent")} flush>
      {entries.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">{t("recentEmpty")}</p>
      ) : (
        <DataTable
          label={t("recent")}
          rows={entries}
          rowKey={({ key }) => key}
          columns={[
            { id: "at", header: t("recentColumns.at"), render: ({ at }) => <TimeText at={at} /> },
            {
              id: "kind",
              header: t("recentColumns.kind"),
              render: ({ kind }) => <span className="text-ink-2">{t(`recentKinds.${kind}`)}</span>,
            },
            { id: "text", header: t("recentColumns.text"), render: ({ text }) => text },
          ]}
        />
      )}
    </Panel>
  );
}
