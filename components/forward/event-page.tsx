"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { BackLink } from "@/components/kit/back-link.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { useKeys } from "@/components/kit/use-keys.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { EventDetail } from "./event-detail.tsx";
import { filterQuery } from "./event-href.ts";
import { useForwardFilter } from "./use-forward-filter.ts";

/** What a link to one event opens; needs no list. */
export function EventPage() {
  const t = useTranslations();
  const [id, setId] = useQueryState("id", parseAsString.withDefault("").withOptions({ history: "push" }));
  const filter = filterQuery(useSearchParams().toString());
  return (
    <Page title={t("shell.pages.forwardEvent")}>
      <BackLink href={filter === "" ? "/forward" : `/forward?${filter}`}>{t("forward.back")}</BackLink>
      <PageHeader
        title={t("shell.pages.forwardEvent")}
        actions={id ? <Steps id={id} onGo={(next) => void setId(next)} /> : null}
      />
      <Panel className="max-w-[880px]">
        {id ? <EventDetail id={id} /> : <EmptyState title={t("forward.missingId")} />}
      </Panel>
    </Page>
  );
}

/** To the events beside it in the log, in the filter that the address brought along; with the keys of a list. */
function Steps({ id, onGo }: { id: string; onGo: (id: string) => void }) {
  const t = useTranslations("common");
  const { filter } = useForwardFilter();
  const beside = useQuery(api.forward.neighbours.queryOptions({ input: { ...filter, id }, retry: false }));
  const { newer = null, older = null } = beside.data ?? {};
  const to = (next: string | null) => () => {
    if (next !== null) onGo(next);
  };
  useKeys({ j: to(older), J: to(older), k: to(newer), K: to(newer) });
  return (
    <>
      <IconButton label={t("newerEvent")} keys="K" disabled={newer === null} onClick={to(newer)}>
        <ChevronUp aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={t("olderEvent")} keys="J" disabled={older === null} onClick={to(older)}>
        <ChevronDown aria-hidden className="size-4" />
      </IconButton>
    </>
  );
}
