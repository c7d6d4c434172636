"use client";

import { parseAsString, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { BackLink } from "@/components/kit/back-link.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { visible } from "@/lib/format/visible.ts";
import { QueueHeader } from "./queue-header.tsx";
import { Queue } from "./queue.tsx";

/** What waits for one account. */
export function QueuePage() {
  const t = useTranslations("offline");
  const [jid] = useQueryState("jid", parseAsString.withDefault(""));
  return (
    <Page title={jid === "" ? t("title") : t("queueOf", { jid: visible(jid) })}>
      <BackLink href="/offline">{t("back")}</BackLink>
      {jid === "" ? (
        <>
          <PageHeader title={t("title")} />
          <Panel flush>
            <EmptyState title={t("noJid")} />
          </Panel>
        </>
      ) : (
        <>
          <QueueHeader jid={jid} />
          <Queue jid={jid} />
        </>
      )}
    </Page>
  );
}
