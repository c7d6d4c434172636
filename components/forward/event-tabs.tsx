"use client";

import { Eye } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { PayloadView } from "@/components/kit/payload-view.tsx";
import { XmlView } from "@/components/kit/xml-view.tsx";
import { Button } from "@/components/ui/button.tsx";
import { TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { ForwardEventDetail } from "@/lib/contracts/forward-event.ts";
import { EventLog } from "./event-log.tsx";
import { Related } from "./related.tsx";

const parts = ["body", "stanza", "related", "log"] as const;

interface Props {
  event: ForwardEventDetail;
  isSettled: boolean;
  /** Asks for the texts that people wrote; null: it is under way, or they are there. */
  onReveal: (() => void) | null;
}

/** What is sent, the message that it is made of, and what else there is about it. Which one is open is in the address. */
export function EventTabs({ event, isSettled, onReveal }: Props) {
  const t = useTranslations("forward");
  const may = useMay();
  const [part, setPart] = useQueryState("part", parseAsStringLiteral(parts).withDefault("body"));
  const shown = parts.filter((each) => each !== "log" || may("log.list"));
  const reveal = may("forward.reveal", event.host) ? <Reveal onReveal={onReveal} /> : t("bodyHidden");
  return (
    <Tabs
      isInPanel
      label={t("parts.label")}
      value={shown.includes(part) ? part : "body"}
      onChange={(next) => void setPart(next)}
      tabs={shown.map((each) => ({ value: each, label: t(`parts.${each}`) }))}
    >
      <TabPanel value="body">
        {event.payload === null ? (
          <p className="flex flex-wrap items-center gap-3 text-ink-2">{reveal}</p>
        ) : (
          <PayloadView text={event.payload} contentType={event.contentType} />
        )}
      </TabPanel>
      <TabPanel value="stanza">
        {event.stanza === null ? (
          <p className="text-ink-2">{t("stanzaGone")}</p>
        ) : (
          <div className="flex flex-col gap-3">
            {event.stanza.masked && event.payload === null ? (
              <p className="flex flex-wrap items-center gap-3 text-ink-2">{reveal}</p>
            ) : null}
            <XmlView text={event.stanza.xml} label={t("parts.stanza")} />
          </div>
        )}
      </TabPanel>
      <TabPanel value="related">
        <Related event={event} />
      </TabPanel>
      <TabPanel value="log">
        <EventLog event={event} isSettled={isSettled} />
      </TabPanel>
    </Tabs>
  );
}

function Reveal({ onReveal }: Pick<Props, "onReveal">) {
  const t = useTranslations("forward");
  return (
    <>
      <Button size="sm" disabled={onReveal === null} onClick={onReveal ?? undefined}>
        <Eye aria-hidden className="size-3.5" />
        {t("reallyShow")}
      </Button>
      {t("revealAudited")}
    </>
  );
}
