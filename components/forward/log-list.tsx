"use client";

import type { Ref } from "react";
import { useTranslations } from "use-intl";
import { LiveList, type LiveListHandle } from "@/components/kit/live-list.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { ForwardLog, ForwardLogView } from "@/lib/api/forward-log.ts";
import type { ForwardEvent } from "@/lib/contracts/forward-event.ts";
import { LogRow, rowGrid } from "./log-row.tsx";

export type LogListHandle = LiveListHandle;

interface Props {
  ref: Ref<LogListHandle>;
  log: ForwardLog;
  view: ForwardLogView;
  openId: string | null;
  onOpen: (id: string) => void;
  onScrolled: (isScrolled: boolean) => void;
}

/** The events of the forward log, each on a line of its own. */
export function LogList({ log, view, ...props }: Props) {
  const t = useTranslations("forward");
  return (
    <LiveList<ForwardEvent>
      label={t("title")}
      source={log}
      count={view.count}
      idOf={(event) => event.id}
      headerClass={rowGrid}
      header={
        <>
          <span role="columnheader">{t("columns.state")}</span>
          <span role="columnheader">{t("columns.time")}</span>
          <span role="columnheader">{t("columns.user")}</span>
          <span role="columnheader" className="@max-3xl:hidden">
            {t("columns.target")}
          </span>
          <span role="columnheader" className="text-right">
            {t("columns.attempt")}
          </span>
          <span role="columnheader" className="pl-2">
            {t("columns.status")}
          </span>
          <span role="columnheader" className="text-right @max-3xl:hidden">
            {t("columns.ms")}
          </span>
          <span role="columnheader" className="text-right @max-4xl:hidden">
            {t("columns.size")}
          </span>
          <span role="columnheader" className="@max-4xl:hidden">
            {t("columns.id")}
          </span>
        </>
      }
      render={(event, place, key) => <LogRow key={key} event={event} {...place} />}
      footer={
        view.hasOlder ? (
          <Button size="sm" variant="ghost" onClick={log.loadOlder} disabled={view.isLoadingOlder}>
            {t("loadOlder")}
          </Button>
        ) : (
          t("noOlder")
        )
      }
      {...props}
    />
  );
}
