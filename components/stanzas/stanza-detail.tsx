"use client";

import { useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { ToggleField } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { XmlView } from "@/components/kit/xml-view.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import type { StanzaRecord } from "@/lib/contracts/stanzas.ts";
import { visible } from "@/lib/format/visible.ts";
import type { Reply } from "./replies.ts";
import { Direction } from "./stanza-row.tsx";

interface Props {
  stanza: StanzaRecord;
  /** The other half of an iq, and where it is in the list. */
  reply: Reply | undefined;
  other: StanzaRecord | undefined;
}

/** A stanza with its XML, and with its question or answer. */
export function StanzaDetail({ stanza, reply, other }: Props) {
  const t = useTranslations();
  const format = useFormatter();
  const id = useId();
  const [folds, setFolds] = useState(true);
  const isRequest = stanza.type === "get" || stanza.type === "set";
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-body">
        <Direction direction={stanza.direction} />
        <span className="font-medium">
          {visible(stanza.type === null ? stanza.kind : `${stanza.kind} ${stanza.type}`)}
        </span>
        <TimeText at={stanza.at} as="clock" />
      </div>
      <Facts
        className="lg:grid-cols-1"
        facts={[
          [
            t("stanzas.session"),
            <Link
              key="session"
              href={`/users/account?jid=${encodeURIComponent(stanza.jid.split("/")[0] ?? "")}`}
              className="underline-offset-2 hover:underline"
            >
              <JidText jid={stanza.jid} />
            </Link>,
          ],
          [
            t("stanzas.id"),
            stanza.id === null ? null : (
              <span key="id" className="inline-flex items-center gap-2">
                <bdi className="font-mono text-meta">{visible(stanza.id)}</bdi>
                {stanza.kind === "message" ? (
                  <Link
                    href={`/trace?id=${encodeURIComponent(stanza.id)}`}
                    className="text-meta text-accent underline-offset-2 hover:underline"
                  >
                    {t("log.openTrace")}
                  </Link>
                ) : null}
              </span>
            ),
          ],
        ]}
      />
      <section className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <ToggleField label={t("stanzas.foldNs")} htmlFor={id}>
            <Switch id={id} checked={folds} onCheckedChange={setFolds} />
          </ToggleField>
          <CopyButton text={stanza.xml} />
        </div>
        <XmlView text={stanza.xml} label={t("stanzas.inspector")} foldsNamespaces={folds} />
        {stanza.masked ? <p className="text-meta text-ink-3">{t("stanzas.maskedNote")}</p> : null}
      </section>
      {stanza.kind === "iq" ? (
        <section className="flex flex-col gap-2">
          <h3 className="font-semibold">
            {t(isRequest ? "stanzas.answer" : "stanzas.request")}
            {reply ? (
              <span className="ml-2 font-mono text-meta font-normal text-ink-3">
                {t("stanzas.answeredIn", { ms: format.number(reply.ms) })}
              </span>
            ) : null}
          </h3>
          {other ? (
            <XmlView text={other.xml} label={t("stanzas.answer")} foldsNamespaces={folds} />
          ) : (
            <p className="text-ink-2">{t("stanzas.waiting")}</p>
          )}
        </section>
      ) : null}
    </div>
  );
}
