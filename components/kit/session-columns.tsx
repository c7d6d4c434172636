"use client";

import { Lock, LockOpen } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import type { OnlineSession } from "@/lib/contracts/sessions.ts";
import { visible } from "@/lib/format/visible.ts";
import type { Column } from "./data-table.tsx";
import { JidText } from "./jid-text.tsx";
import { useJoints } from "./joints.tsx";
import { May } from "./may.tsx";
import { TimeText } from "./time-text.tsx";

const nobody: ReadonlySet<string> = new Set();

const unnamed: ReadonlyMap<string, string> = new Map();

/** `ended`: JIDs of rows that are still shown and whose session is over. `names`: of addresses. */
export function useSessionColumns(
  onEnd: (jid: string) => void,
  ended: ReadonlySet<string> = nobody,
  names: ReadonlyMap<string, string> = unnamed,
): Column<OnlineSession>[] {
  const t = useTranslations("sessions");
  const { colon } = useJoints();
  const format = useFormatter();
  return [
    {
      id: "jid",
      header: t("columns.jid"),
      render: ({ jid }) => (
        <span className={ended.has(jid) ? "text-ink-3 line-through" : undefined}>
          <JidText jid={jid} />
        </span>
      ),
    },
    {
      id: "client",
      header: t("columns.client"),
      render: ({ software, device }) => (
        <bdi className="text-ink-2">
          {[software, device]
            .flatMap((name) => name ?? [])
            .map((name) => visible(name))
            .join(", ") || "—"}
        </bdi>
      ),
    },
    {
      id: "address",
      header: t("columns.address"),
      render: ({ address }) => (
        <span className="flex flex-col text-meta text-ink-2">
          <bdi className="font-mono whitespace-nowrap">{address}</bdi>
          {names.has(address) ? (
            <bdi className="max-w-48 truncate text-ink-3">{visible(names.get(address) ?? "")}</bdi>
          ) : null}
        </span>
      ),
    },
    { id: "transport", header: t("columns.transport"), render: (session) => <Connection session={session} /> },
    { id: "priority", header: t("columns.priority"), render: (session) => <Presence session={session} /> },
    {
      id: "push",
      header: t("columns.push"),
      render: ({ isPushed }) =>
        isPushed ? <span>{t("pushed")}</span> : <span className="text-ink-3">{t("notPushed")}</span>,
    },
    { id: "since", header: t("columns.since"), render: (session) => <TimeText at={session.since} /> },
    { id: "active", header: t("columns.active"), render: (session) => <TimeText at={session.lastActive} /> },
    {
      id: "traffic",
      header: t("columns.traffic"),
      isNumber: true,
      render: (session) => (
        <span className="whitespace-nowrap text-ink-2">
          {format.number(session.stanzasIn)} / {format.number(session.stanzasOut)}
        </span>
      ),
    },
    {
      id: "end",
      header: t("end"),
      isBare: true,
      isNumber: true,
      render: (session) =>
        ended.has(session.jid) ? (
          <span className="text-meta text-ink-3">{t("isOver")}</span>
        ) : (
          <May call="sessions.end" host={session.host}>
            <Button
              size="sm"
              onClick={() => onEnd(session.jid)}
              aria-label={`${t("end")}${colon}${visible(session.jid)}`}
            >
              {t("end")}
            </Button>
          </May>
        ),
    },
  ];
}

function Connection({ session }: { session: OnlineSession }) {
  const t = useTranslations("sessions");
  const { tls, secure, mechanism } = session;
  const Icon = secure ? Lock : LockOpen;
  const details = tls ? `${tls.protocol} · ${tls.cipher}` : t(secure ? "secureAtProxy" : "plain");
  return (
    <Tooltip text={`${details} · ${mechanism}`}>
      <span tabIndex={0} className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
        <Icon aria-hidden className={secure ? "size-3.5 text-ok" : "size-3.5 text-warn"} />
        {t(`transports.${session.transport}`)}
        <span className="text-ink-3">
          {tls ? tls.protocol.replace("TLSv", "TLS ") : t(secure ? "secure" : "plain")}
        </span>
      </span>
    </Tooltip>
  );
}

const shows = ["chat", "away", "xa", "dnd"] as const;

function Presence({ session }: { session: OnlineSession }) {
  const t = useTranslations("sessions");
  if (session.hibernating) return <span className="text-warn">{t("hibernating")}</span>;
  if (session.priority === null) return <span className="text-ink-3">{t("unavailable")}</span>;
  const show = shows.find((each) => each === session.show) ?? "available";
  return (
    <span className="inline-flex flex-wrap gap-x-2 align-middle">
      <span className="whitespace-nowrap">
        {t(`shows.${show}`)} · <span className="text-ink-3">{t("priority", { value: session.priority })}</span>
      </span>
      {session.isInactive ? <span className="text-ink-3">{t("inactive")}</span> : null}
      {session.unconfirmed ? (
        <span className="text-ink-3">{t("unconfirmed", { count: session.unconfirmed })}</span>
      ) : null}
      {session.status ? <bdi className="text-ink-3">{visible(session.status)}</bdi> : null}
    </span>
  );
}
