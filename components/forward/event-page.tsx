"use client";

import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { ChevronLeft } from "lucide-react";
import { useTranslations } from "use-intl";
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
      <Link
        href="/forward"
        className="inline-flex items-center gap-1 self-start text-meta text-ink-2 underline-offset-2 hover:underline"
      >
        <ChevronLeft aria-hidden className="size-3.5" />
        {t("forward.back")}
      </Link>
      <PageHeader title={t("shell.pages.forwardEvent")} />
      <Panel className="max-w-[880px]">
        {id ? <EventDetail id={id} /> : <EmptyState title={t("forward.missingId")} />}
      </Panel>
    </Page>
  );
}
