"use client";

import { useLocale, useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { TracedMessage } from "@/lib/contracts/trace.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { visible } from "@/lib/format/visible.ts";
import { Timeline } from "./timeline.tsx";

/** A message on its way to one recipient: who, which, and what became of it. */
export function MessageTrace({ message }: { message: TracedMessage }) {
  const t = useTranslations("trace");
  const locale = useLocale();
  const { from, to, stanzaId, id, originId, type, bytes, steps } = message;
  const isWaiting = steps.some(({ kind }) => kind === "waiting");
  return (
    <div className="flex flex-col gap-6">
      <Facts
        facts={[
          [t("from"), <Account key="from" jid={from} />],
          [t("to"), <Account key="to" jid={to} />],
          [t("type"), type],
          [t("size"), bytes === null ? null : formatBytes(bytes, locale)],
          [t("stanzaId"), <Id key="stanza" text={stanzaId} />],
          [t("messageId"), <Id key="id" text={id} />],
          [t("originId"), originId === id ? null : <Id key="origin" text={originId} />],
        ]}
      />
      <Timeline message={message} />
      <div className="flex flex-wrap gap-x-4 text-meta">
        <p className="text-ink-3">{t("bodyHidden")}</p>
        {isWaiting ? (
          <Link
            href={`/offline/queue?jid=${encodeURIComponent(to.split("/")[0] ?? to)}`}
            className="text-accent underline-offset-2 hover:underline"
          >
            {t("openQueue")}
          </Link>
        ) : null}
      </div>
    </div>
  );
}

function Account({ jid }: { jid: string }) {
  return (
    <Link
      href={`/users/account?jid=${encodeURIComponent(jid.split("/")[0] ?? jid)}`}
      className="underline-offset-2 hover:underline"
    >
      <JidText jid={jid} />
    </Link>
  );
}

function Id({ text }: { text: string | null }) {
  if (text === null) return <span className="text-ink-3">—</span>;
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <bdi className="min-w-0 font-mono text-meta wrap-anywhere">{visible(text)}</bdi>
      <CopyButton text={text} />
    </span>
  );
}
