"use client";

import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { ChevronLeft } from "lucide-react";
import { useTranslations } from "use-intl";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { visible } from "@/lib/format/visible.ts";
import { Queue } from "./queue.tsx";
import { QueueHeader } from "./queue-header.tsx";

/** What waits for one account. */
export function QueuePage() {
  const t = useTranslations("offline");
  const [jid] = useQueryState("jid", parseAsString.withDefault(""));
  return (
    <Page title={jid === "" ? t("title") : t("queueOf", { jid: visible(jid) })}>
      <Link
        href="/offline"
        className="inline-flex items-center gap-1 self-start text-meta text-ink-2 underline-offset-2 hover:underline"
      >
        <ChevronLeft aria-hidden className="size-3.5" />
        {t("back")}
      </Link>
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
