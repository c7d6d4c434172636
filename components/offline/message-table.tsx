"use client";

import { useLocale, useTranslations } from "use-intl";
import { DataTable, type Selection } from "@/components/kit/data-table.tsx";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { OfflineMessage } from "@/lib/contracts/offline.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { RevealMessage } from "./reveal-message.tsx";

interface Props {
  jid: string;
  messages: OfflineMessage[];
  selection?: Selection;
}

export function MessageTable({ jid, messages, selection }: Props) {
  const t = useTranslations("offline");
  const locale = useLocale();
  return (
    <DataTable
      label={t("queueOf", { jid })}
      rows={messages}
      rowKey={(message) => String(message.id)}
      {...(selection ? { selection } : {})}
      columns={[
        { id: "at", header: t("messageColumns.at"), render: (message) => <TimeText at={message.at} /> },
        {
          id: "from",
          header: t("messageColumns.from"),
          render: (message) => <JidText jid={message.from} className="sm:block sm:max-w-56 sm:truncate" />,
        },
        {
          id: "type",
          header: t("messageColumns.type"),
          render: (message) => (
            <span className="inline-flex flex-wrap items-center gap-1.5">
              {message.type}
              {message.archived ? <Badge>{t("archived")}</Badge> : null}
            </span>
          ),
        },
        {
          id: "size",
          header: t("messageColumns.size"),
          isNumber: true,
          render: (message) => formatBytes(message.bytes, locale),
        },
        {
          id: "expires",
          header: t("messageColumns.expires"),
          render: (message) =>
            message.expiresAt === null ? (
              <span className="text-ink-3">{t("never")}</span>
            ) : (
              <TimeText at={message.expiresAt} />
            ),
        },
        {
          id: "forwards",
          header: t("messageColumns.forwards"),
          render: (message) =>
            message.forwards.length === 0 ? (
              <span className="text-ink-3">{t("none")}</span>
            ) : (
              <span className="flex flex-col gap-0.5">
                {message.forwards.map(({ id, target, state, device }) => (
                  <Link
                    key={id}
                    href={`/forward/event?id=${encodeURIComponent(id)}`}
                    title={id}
                    className="inline-flex min-h-6 items-center gap-1.5 whitespace-nowrap underline-offset-2 hover:underline"
                  >
                    <span className="text-ink-2">{target}</span>
                    <ForwardStateText state={state} isPush={device !== null} />
                  </Link>
                ))}
              </span>
            ),
        },
        {
          id: "text",
          header: t("messageColumns.text"),
          className: "max-w-80",
          render: (message) => <RevealMessage jid={jid} id={message.id} />,
        },
        {
          id: "trace",
          header: t("messageColumns.trace"),
          isBare: true,
          render: (message) => (
            <Link
              href={`/trace?id=${encodeURIComponent(message.stanzaId)}`}
              className="text-accent underline-offset-2 hover:underline"
            >
              {t("messageColumns.trace")}
            </Link>
          ),
        },
      ]}
    />
  );
}
