"use client";

import { SendHorizontal } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { useWatch } from "./use-watch.ts";
import { WatchForm } from "./watch-form.tsx";
import { WatchView } from "./watch-view.tsx";

const SendDialog = dynamic(() => import("./send-dialog.tsx").then((part) => part.SendDialog), { ssr: false });

/** The traffic of clients as it happens: chosen before it is read, masked, recorded, and over by itself. */
export function StanzasPage() {
  const t = useTranslations("stanzas");
  const { comma } = useJoints();
  const actorText = useActorText();
  const { current, start, reveal, stop, others } = useWatch();
  const [isSending, setSending] = useState(false);
  const names = [...new Set(others.map(({ by }) => actorText(by)))].join(comma);
  return (
    <Page title={t("title")} bleed>
      {current === null ? (
        <>
          <PageHeader
            title={t("title")}
            actions={
              <May call="stanzas.send">
                <Button onClick={() => setSending(true)}>
                  <SendHorizontal aria-hidden className="size-3.5" />
                  {t("open")}
                </Button>
              </May>
            }
          />
          <Banner>{t("banner")}</Banner>
          {others.length > 0 ? <Banner tone="warn">{t("others", { count: others.length, names })}</Banner> : null}
          <Panel>
            <WatchForm onStart={(filter) => start.mutate(filter)} isStarting={start.isPending} error={start.error} />
          </Panel>
          <SendDialog open={isSending} onClose={() => setSending(false)} />
        </>
      ) : (
        <WatchView
          key={current.watch.id}
          watch={current.watch}
          log={current.log}
          replies={current.replies}
          onReveal={reveal}
          onStop={stop}
        />
      )}
    </Page>
  );
}
