"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Download, SlidersHorizontal } from "lucide-react";
import { parseAsInteger, useQueryState } from "nuqs";
import { useCallback, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { PeriodSelect } from "@/components/audit/period-select.tsx";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { choiceTerm, textTerm } from "@/components/kit/filter-terms.ts";
import { Inspector } from "@/components/kit/inspector.tsx";
import { LiveHeader } from "@/components/kit/live-header.tsx";
import type { LiveListHandle } from "@/components/kit/live-list.tsx";
import { Page } from "@/components/kit/page.tsx";
import { saveFile } from "@/components/kit/save-file.ts";
import { toast } from "@/components/kit/toast.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { useReading } from "@/components/kit/use-reading.ts";
import { Button } from "@/components/ui/button.tsx";
import { api } from "@/lib/api/client.ts";
import { logLevels } from "@/lib/contracts/words.ts";
import { LevelsDialog } from "./levels-dialog.tsx";
import { LogBody } from "./log-body.tsx";
import { RecordDetail } from "./record-detail.tsx";
import { useLog, useLogFilter } from "./use-log.ts";

/** The server's log: it follows what happens until somebody reads in it. */
export function LogPage() {
  const t = useTranslations("log");
  const filters = useLogFilter();
  const { values, negation, set, filter } = filters;
  const plain = negation.plain(values);
  const { log, view } = useLog(filter);
  const levels = useQuery(api.log.levels.queryOptions());
  const [openId, setOpenId] = useQueryState("record", parseAsInteger.withOptions({ history: "push" }));
  const [hasLevels, setLevels] = useState(false);
  const list = useRef<LiveListHandle>(null);
  const open = openId === null ? undefined : log.find(openId);
  const isOpen = open !== undefined;
  const close = useCallback(() => void setOpenId(null), [setOpenId]);
  const { resume, toggle, setScrolled } = useReading(log, isOpen, list, close);
  const download = useMutation(
    api.log.download.mutationOptions({
      onSuccess: ({ text, records }) => {
        saveFile("nightpost.log", "text/plain", text);
        toast.success(t("downloaded", { count: records }));
      },
    }),
  );
  const modules = [...new Set([...(levels.data?.modules ?? []), ...(values.module ? [values.module] : [])])].toSorted();
  const terms = [
    choiceTerm({
      name: "level",
      label: t("level"),
      value: values.level,
      options: logLevels.map((level) => [level, t(`atLeast.${level}`)] as const),
      set: (level) => set({ level }),
      isShown: true,
    }),
    textTerm({
      name: "module",
      label: t("module"),
      value: values.module,
      known: modules,
      set: (module) => set({ module }),
      isShown: true,
    }),
    useHostTerm(),
  ];
  return (
    <Page title={t("title")} bleed>
      <LiveHeader title={t("title")} isFollowing={view.isFollowing} onToggle={toggle}>
        <Button onClick={() => setLevels(true)}>
          <SlidersHorizontal aria-hidden className="size-3.5" />
          {t("setLevels")}
        </Button>
        <Button onClick={() => download.mutate(filter)} disabled={download.isPending}>
          <Download aria-hidden className="size-3.5" />
          {t("download")}
        </Button>
      </LiveHeader>
      <div className="flex flex-wrap items-center gap-2">
        <FilterField
          label={t("search")}
          search={values.q ?? ""}
          onSearch={(words) => set({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-80 max-sm:w-full"
        />
        <FilterSelect
          label={t("level")}
          value={plain.level}
          any={t("anyLevel")}
          options={logLevels.map((level) => [level, t(`atLeast.${level}`)])}
          onChange={(level) => set({ level })}
          className="w-44 max-sm:flex-1"
        />
        <FilterSelect
          label={t("module")}
          value={plain.module}
          any={t("anyModule")}
          options={modules.map((name) => [name, name])}
          onChange={(module) => set({ module })}
          className="w-44 max-sm:flex-1"
        />
        <PeriodSelect value={values.period} onChange={(period) => set({ period })} />
      </div>
      <div className="flex min-h-[320px] flex-1 gap-0 overflow-hidden rounded-panel border border-line bg-surface">
        <LogBody
          ref={list}
          log={log}
          view={view}
          openId={openId}
          onOpen={(id) => void setOpenId(id)}
          onScrolled={setScrolled}
          onResume={resume}
          filters={filters}
        />
        <Inspector
          label={t("inspector")}
          isOpen={isOpen}
          onClose={() => {
            close();
            list.current?.focusRow();
          }}
          onStep={(step) => list.current?.step(step)}
        >
          {open === undefined ? null : <RecordDetail record={open} />}
        </Inspector>
      </div>
      <LevelsDialog open={hasLevels} onClose={() => setLevels(false)} />
    </Page>
  );
}
