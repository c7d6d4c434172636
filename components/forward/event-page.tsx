"use client";

import { parseAsString, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { BackLink } from "@/components/kit/back-link.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { EventDetail } from "./event-detail.tsx";

/** What a link to one event opens; needs no list. */
export function EventPage() {
  const t = useTranslations();
  const [id] = useQueryState("id", parseAsString.withDefault(""));
  return (
    <Page title={t("shell.pages.forwardEvent")}>
      <BackLink href="/forward">{t("forward.back")}</BackLink>
      <PageHeader title={t("shell.pages.forwardEvent")} />
      <Panel className="max-w-[880px]">
        {id ? <EventDetail id={id} /> : <EmptyState title={t("forward.missingId")} />}
      </Panel>
    </Page>
  );
}
