"use client";

import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { useCallback, useRef } from "react";
import { useTranslations } from "use-intl";
import { LiveHeader } from "@/components/kit/live-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { useWide } from "@/components/kit/use-narrow.ts";
import { useReading } from "@/components/kit/use-reading.ts";
import { Button } from "@/components/ui/button.tsx";
import { api } from "@/lib/api/client.ts";
import { useStored } from "@/lib/format/stored.ts";
import { Announcer } from "./announcer.tsx";
import { Filters } from "./filters.tsx";
import { Histogram } from "./histogram.tsx";
import { Inspector } from "./inspector.tsx";
import { LogBody } from "./log-body.tsx";
import { LogFacets } from "./log-facets.tsx";
import type { LogListHandle } from "./log-list.tsx";
import { SamplingNote } from "./sampling-note.tsx";
import { useForwardFilter } from "./use-forward-filter.ts";
import { useForwardLog } from "./use-forward-log.ts";

/** The forward log: it follows what happens until somebody reads in it, and then stands still. */
export function ForwardPage() {
  const t = useTranslations("forward");
  const filters = useForwardFilter();
  const [isComplete, setComplete] = useQueryState("complete", parseAsBoolean.withDefault(false));
  const { log, view } = useForwardLog(filters.filter, isComplete);
  const targets = useQuery(api.forward.targets.queryOptions());
  const [openId, setOpenId] = useQueryState("event", parseAsString.withOptions({ history: "push" }));
  const isWide = useWide();
  const [facets, setFacets] = useStored<"on" | "off">("nightpost.facets", "off");
  const hasFacets = facets === "on";
  const list = useRef<LogListHandle>(null);

  const close = useCallback(() => void setOpenId(null), [setOpenId]);
  const { resume, toggle, setScrolled } = useReading(log, openId !== null, list, close);

  return (
    <Page title={t("title")} bleed>
      <LiveHeader title={t("title")} isFollowing={view.isFollowing} onToggle={toggle} />
      <Filters filters={filters} targets={targets.data?.items.map((target) => target.name) ?? []}>
        {isWide ? (
          <Button
            aria-pressed={hasFacets}
            className="aria-pressed:border-accent/40 aria-pressed:bg-accent-soft"
            onClick={() => setFacets(hasFacets ? "off" : "on")}
          >
            <ListFilter aria-hidden className="size-3.5" />
            {t("facets")}
          </Button>
        ) : null}
      </Filters>
      <SamplingNote
        sampled={view.sampled}
        isFollowing={view.isFollowing}
        isComplete={isComplete}
        onChange={(next) => void setComplete(next || null)}
      />
      <Histogram filters={filters} isLive={view.isFollowing} />
      <div className="flex min-h-[320px] flex-1 gap-0 overflow-hidden rounded-panel border border-line bg-surface">
        {hasFacets && isWide && openId === null ? <LogFacets filters={filters} isLive={view.isFollowing} /> : null}
        <LogBody
          ref={list}
          log={log}
          view={view}
          openId={openId}
          onOpen={(id) => void setOpenId(id)}
          onScrolled={setScrolled}
          onResume={resume}
          hasTargets={targets.data === undefined || targets.data.items.length > 0}
          filters={filters}
        />
        <Inspector
          id={openId}
          onClose={() => {
            void setOpenId(null);
            list.current?.focusRow();
          }}
          onStep={(step) => list.current?.step(step)}
        />
      </div>
      <Announcer view={view} />
    </Page>
  );
}
