"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { AuditSentence } from "@/components/kit/audit-sentence.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { UserDetail } from "@/lib/contracts/users.ts";
import { visible } from "@/lib/format/visible.ts";
import { DecisionSentence, eventHref, RegistrationSentence, RuleLink } from "./recent-decision.tsx";

const shown = 20;

interface Entry {
  key: string;
  at: string;
  kind: "login" | "forward" | "admin" | "decision" | "registration";
  text: ReactNode;
}

/** The latest of any kind about an account: log-ins, what rules decided, what was forwarded, what admins did. */
export function RecentPanel({ user: { jid, host } }: { user: UserDetail }) {
  const t = useTranslations("users");
  const logins = useLogins(jid);
  const forwards = useForwards(jid, host);
  const decisions = useDecisions(jid, host);
  const acts = useActs(jid);
  const entries = [...logins, ...forwards, ...decisions, ...acts]
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, shown);

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

function useLogins(jid: string): Entry[] {
  const t = useTranslations("users");
  const { comma } = useJoints();
  const clients = useQuery(api.users.clients.queryOptions({ input: { jid } }));
  return (clients.data?.items ?? []).map((client) => {
    const { id, lastAt, software, device, mechanism, address } = client;
    const name = [software, device].flatMap((part) => part ?? []).join(comma);
    const values = { client: visible(name) || t("unnamedClient"), address, mechanism };
    return { key: `login ${id}`, at: lastAt, kind: "login", text: t("recentLogin", values) };
  });
}

function useForwards(jid: string, host: string): Entry[] {
  const t = useTranslations("users");
  const enabled = useMay()("forward.list", host);
  const forwards = useQuery(api.forward.list.queryOptions({ input: { user: jid, limit: shown }, enabled }));
  return (forwards.data?.items ?? []).map((event) => ({
    key: `forward ${event.id}`,
    at: event.createdAt,
    kind: "forward",
    text: (
      <span className="inline-flex flex-wrap items-center gap-x-2">
        <Link
          href={eventHref(event.id)}
          className="inline-flex flex-wrap items-center gap-x-2 underline-offset-2 hover:underline"
        >
          <ForwardStateText state={event.state} isPush={event.device !== null} />
          <span className="text-ink-2">{event.target}</span>
        </Link>
        <span className="text-ink-2">{t.rich("recentOfRule", { rule: () => <RuleLink name={event.rule} /> })}</span>
      </span>
    ),
  }));
}

/** What was decided about messages, as long as it is remembered, and about registering the name. */
function useDecisions(jid: string, host: string): Entry[] {
  const may = useMay();
  const messages = useQuery(
    api.trace.decisions.queryOptions({ input: { jid, limit: shown }, enabled: may("trace.decisions", host) }),
  );
  const registrations = useQuery(
    api.registration.log.queryOptions({
      input: { host, jid, limit: shown },
      enabled: may("registration.log", host),
    }),
  );
  return [
    ...(messages.data?.items ?? []).map((decision, index): Entry => ({
      key: `decision ${decision.at} ${index}`,
      at: decision.at,
      kind: "decision",
      text: <DecisionSentence decision={decision} />,
    })),
    ...(registrations.data?.items ?? []).map((decision): Entry => ({
      key: `registration ${decision.id}`,
      at: decision.at,
      kind: "registration",
      text: <RegistrationSentence decision={decision} />,
    })),
  ];
}

function useActs(jid: string): Entry[] {
  const enabled = useMay()("audit.list");
  const audit = useQuery(api.audit.list.queryOptions({ input: { search: jid, limit: shown }, enabled }));
  return (audit.data?.items ?? [])
    .filter(({ object, actor }) => object === jid || actor === jid)
    .map((entry) => ({ key: `audit ${entry.id}`, at: entry.at, kind: "admin", text: <AuditSentence entry={entry} /> }));
}
