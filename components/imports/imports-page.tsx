"use client";

import { useMutation } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ToggleField } from "@/components/kit/field.tsx";
import { NoPermission } from "@/components/kit/no-permission.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { useMay, useMe } from "@/lib/api/me.ts";
import type { CsvMapping } from "@/lib/contracts/imports/csv-mapping.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { ColumnMap } from "./column-map.tsx";
import { FilePicker } from "./file-picker.tsx";
import { HostMap } from "./host-map.tsx";
import type { ImportSource } from "./import-source.ts";
import { ReportPanel } from "./report-panel.tsx";
import { sourceKinds } from "./source-kinds.ts";
import { type ImportSettings, useImport } from "./use-import.ts";

const conflicts = ["skip", "update", "fail"] as const;

/** From another server, or a table: choose, see what would become of it, do it. */
export function ImportsPage() {
  const t = useTranslations("imports");
  const sentence = useSentence();
  const format = useFormatter();
  const id = useId();
  const may = useMay();
  const me = useMe();
  const isRefused = me.data !== undefined && !may("portability.import");
  const served = useHosts();
  const [kind, setKind] = useQueryState("from", parseAsStringLiteral(sourceKinds).withDefault("xep0227"));
  const [source, setSource] = useState<ImportSource | null>(null);
  const [isEmpty, setEmpty] = useState(false);
  const [map, setMap] = useState<Record<string, string>>({});
  const [onConflict, setConflict] = useState<ImportSettings["onConflict"]>("skip");
  const [withArchive, setArchive] = useState(true);
  const [isAsking, setAsking] = useState(false);
  const run = useImport();
  const show = (opened: ImportSource | null) => {
    setSource(opened);
    setEmpty(opened === null);
    setMap(
      Object.fromEntries(opened?.hosts.map((host) => [host, served.includes(host) ? host : (served[0] ?? "")]) ?? []),
    );
  };
  const open = useMutation({
    // What reads other servers' files comes with the first of them.
    mutationFn: async (files: readonly File[]) => (await import("./import-source.ts")).openSource(kind, files),
    onSuccess: show,
    meta: { inline: true },
  });
  const readAs = useMutation({
    mutationFn: async (mapping: CsvMapping) => (await source?.table?.readAs(mapping)) ?? null,
    onSuccess: (opened) => {
      run.forget();
      show(opened);
    },
    meta: { inline: true },
  });
  const clear = () => {
    setSource(null);
    setEmpty(false);
    open.reset();
    run.forget();
  };
  const hosts = Object.fromEntries(Object.entries(map).filter(([from, to]) => from !== to && to !== ""));
  const settings = (dryRun: boolean): ImportSettings => ({ dryRun, onConflict, hosts, withArchive });
  const renamed = Object.entries(hosts).map(([from, to]) => `${from}=${to}`);
  const command = commandLine(
    ...["nightpost", "import", kind, source?.name ?? "…"],
    ...(onConflict === "skip" ? [] : [`--${onConflict}`]),
    ...(withArchive || kind !== "xep0227" ? [] : ["--no-archive"]),
    ...(renamed.length === 0 ? [] : ["--host", renamed.join(",")]),
    ...(source?.table === undefined ? [] : tableOptions(source.table.mapping)),
  );
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      {isRefused ? (
        <Panel flush>
          <NoPermission problem={{ code: "forbidden", status: 403, permission: "data:import" }} />
        </Panel>
      ) : null}
      <Panel title={t("from")} className={isRefused ? "hidden" : ""}>
        <div className="flex flex-col gap-4">
          <Segmented
            label={t("from")}
            className="self-start"
            value={kind}
            options={sourceKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
            onChange={(next) => {
              clear();
              void setKind(next);
            }}
          />
          <p className="max-w-[72ch] text-ink-2">{t(`kindTexts.${kind}`)}</p>
          <FilePicker kind={kind} isBusy={open.isPending} onFiles={(files) => open.mutate(files)} />
          {open.isError ? (
            <Banner tone="err">{t("unreadable", { reason: sentence(open.error.message) })}</Banner>
          ) : null}
          {isEmpty ? <Banner tone="warn">{t(`nothing.${kind}`)}</Banner> : null}
          {source === null ? null : (
            <p role="status">
              <bdi className="font-mono text-meta">{visible(source.name)}</bdi>{" "}
              {source.accounts === null
                ? ""
                : t("found", { count: source.accounts, text: format.number(source.accounts) })}
            </p>
          )}
        </div>
      </Panel>
      {source === null ? null : (
        <Panel title={t("how")}>
          <div className="flex flex-col gap-4">
            {source.table === undefined ? null : (
              <ColumnMap
                table={source.table}
                served={served}
                isBusy={readAs.isPending || run.isRunning}
                onChange={(mapping) => readAs.mutate(mapping)}
              />
            )}
            {Object.keys(map).some((from) => from !== source.table?.mapping.host) ? (
              <HostMap map={map} served={served} onChange={setMap} />
            ) : null}
            <div>
              <p className="mb-1 font-medium">{t("conflict")}</p>
              <Segmented
                label={t("conflict")}
                value={onConflict}
                options={conflicts.map((value) => ({ value, label: t(`conflicts.${value}`) }))}
                onChange={setConflict}
              />
            </div>
            {kind === "csv" ? null : (
              <ToggleField label={t("archive")} htmlFor={`${id}-archive`} help={t("archiveHelp")}>
                <Checkbox
                  id={`${id}-archive`}
                  checked={withArchive}
                  onChange={(event) => setArchive(event.target.checked)}
                />
              </ToggleField>
            )}
            <Equivalent command={command} method="POST" path="/data/import" body={settings(false)} />
            <div className="flex flex-wrap gap-2">
              <Button
                variant="primary"
                disabled={run.isRunning || source.accounts === 0}
                onClick={() => void run.start(source, settings(true))}
              >
                {t("dryRun")}
              </Button>
              <Button disabled={run.isRunning || run.report?.dryRun !== true} onClick={() => setAsking(true)}>
                {t("import")}
              </Button>
              {run.isRunning ? <Button onClick={run.stop}>{t("stop")}</Button> : null}
            </div>
            {run.report === null && !run.isRunning ? <p className="text-meta text-ink-3">{t("dryRunFirst")}</p> : null}
          </div>
        </Panel>
      )}
      {run.error ? <ProblemBanner error={run.error} /> : null}
      {run.report === null ? null : <ReportPanel report={run.report} faults={run.faults} isRunning={run.isRunning} />}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t("askTitle")}
        text={t("askText", {
          created: run.report?.accounts.created ?? 0,
          updated: run.report?.accounts.updated ?? 0,
        })}
        confirm={t("import").replace("…", "")}
        onConfirm={() => {
          if (source !== null) void run.start(source, settings(false));
          return Promise.resolve();
        }}
      />
    </Page>
  );
}

function tableOptions({ separator, hasHeader, columns, host }: CsvMapping): string[] {
  return [
    ...["--columns", columns.map((column) => column ?? "-").join(",")],
    ...(separator === "," ? [] : ["--separator", separator === "\t" ? "tab" : separator]),
    ...(hasHeader ? ["--header"] : []),
    ...(host === "" ? [] : ["--default-host", host]),
  ];
}
