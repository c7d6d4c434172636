"use client";

import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { useWatch } from "./use-watch.ts";
import { WatchForm } from "./watch-form.tsx";
import { WatchView } from "./watch-view.tsx";

/** The traffic of clients as it happens: chosen before it is read, masked, recorded, and over by itself. */
export function StanzasPage() {
  const t = useTranslations("stanzas");
  const actorText = useActorText();
  const { current, start, reveal, stop, others } = useWatch();
  const names = [...new Set(others.map(({ by }) => actorText(by)))].join(", ");
  return (
    <Page title={t("title")} bleed>
      {current === null ? (
        <>
          <PageHeader title={t("title")} />
          <Banner>{t("banner")}</Banner>
          {others.length > 0 ? <Banner tone="warn">{t("others", { count: others.length, names })}</Banner> : null}
          <Panel>
            <WatchForm onStart={(filter) => start.mutate(filter)} isStarting={start.isPending} error={start.error} />
          </Panel>
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
