"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { XmlView } from "@/components/kit/xml-view.tsx";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { visible } from "@/lib/format/visible.ts";

const link = "min-h-6 text-accent underline-offset-2 hover:underline";

/** What somebody wrote, covered until it is asked for, which is recorded. */
export function RevealMessage({ jid, id }: { jid: string; id: number }) {
  const t = useTranslations("offline");
  const may = useMay();
  const problemText = useProblemText();
  const [isAsked, setAsked] = useState(false);
  const [isXml, setXml] = useState(false);
  const message = useQuery(
    api.offline.reveal.queryOptions({
      input: { jid, id },
      enabled: isAsked,
      // Each look is recorded: it is not looked again by itself.
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
  );
  if (!may("offline.reveal", jid.slice(jid.indexOf("@") + 1))) return <span className="text-ink-3">{t("hidden")}</span>;
  if (message.isError) return <span className="text-err">{problemText(message.error)}</span>;
  if (!message.data) {
    return (
      <Tooltip text={t("revealHint")}>
        <button type="button" className={link} disabled={isAsked} onClick={() => setAsked(true)}>
          {t("reveal")}
        </button>
      </Tooltip>
    );
  }
  const { body, xml } = message.data;
  return (
    <span className="flex flex-col items-start gap-1">
      {body === null ? (
        <span className="text-ink-3">{t("noText")}</span>
      ) : (
        <bdi className="whitespace-pre-wrap wrap-anywhere">{visible(body, true)}</bdi>
      )}
      <button type="button" className={`${link} text-meta`} aria-expanded={isXml} onClick={() => setXml(!isXml)}>
        {t("showXml")}
      </button>
      {isXml ? <XmlView text={xml} label={t("showXml")} /> : null}
    </span>
  );
}
