"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Stethoscope } from "lucide-react";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { ToggleField } from "@/components/kit/field.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import { api } from "@/lib/api/client.ts";
import { doctorGroups } from "@/lib/contracts/doctor-words.ts";
import type { Examination } from "@/lib/contracts/doctor.ts";
import { FindingRow } from "./finding-row.tsx";

const pollMs = 300;

export function DoctorPage() {
  const t = useTranslations("doctor");
  const queries = useQueryClient();
  const last = useQuery(
    api.doctor.get.queryOptions({
      refetchInterval: ({ state }) => (isRunning(state.data?.examination) ? pollMs : false),
    }),
  );
  const run = useMutation(
    api.doctor.run.mutationOptions({
      onSuccess: (examination) => queries.setQueryData(api.doctor.get.queryKey(), { examination }),
    }),
  );
  const isBusy = run.isPending || isRunning(last.data?.examination);
  const start = (
    <Button variant="primary" disabled={isBusy} onClick={() => run.mutate({})}>
      <Stethoscope aria-hidden className="size-4" />
      {t(isBusy ? "running" : "run")}
    </Button>
  );
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} actions={start} />
      <QueryView
        query={last}
        skeleton={
          <Panel flush>
            <TableSkeleton rows={8} columns={2} />
          </Panel>
        }
      >
        {({ examination }) =>
          examination === null ? (
            <Panel flush>
              <EmptyState
                title={t("never")}
                text={t("neverText")}
                action={<Button onClick={() => run.mutate({})}>{t("run")}</Button>}
                command="nightpost doctor"
              />
            </Panel>
          ) : (
            <Findings examination={examination} />
          )
        }
      </QueryView>
    </Page>
  );
}

function Findings({ examination }: { examination: Examination }) {
  const t = useTranslations("doctor");
  const id = useId();
  const [onlyTrouble, setOnlyTrouble] = useQueryState("trouble", parseAsBoolean.withDefault(false));
  const { findings, pending, startedAt } = examination;
  const shown = onlyTrouble ? findings.filter(({ state }) => state === "error" || state === "warning") : findings;
  const count = (state: string) => findings.filter((each) => each.state === state).length;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <p role="status" className="flex-1 basis-60">
          {pending.length > 0
            ? t("progress", { done: doctorGroups.length - pending.length, all: doctorGroups.length })
            : t("summary", {
                errors: count("error"),
                warnings: count("warning"),
                ok: count("ok") + count("note"),
              })}
          <SentenceGap />
          <span className="text-meta text-ink-3">
            <TimeText at={startedAt} />
          </span>
        </p>
        <ToggleField label={t("onlyTrouble")} htmlFor={id}>
          <Switch id={id} checked={onlyTrouble} onCheckedChange={(next) => void setOnlyTrouble(next || null)} />
        </ToggleField>
      </div>
      {shown.length === 0 && pending.length === 0 ? (
        <Panel flush>
          <NoMatch title={t("noTrouble")} onClear={() => void setOnlyTrouble(null)} />
        </Panel>
      ) : null}
      {doctorGroups.map((group) => {
        const found = shown.filter((each) => each.group === group);
        if (found.length === 0 && !pending.includes(group)) return null;
        return (
          <Panel key={group} title={t(`groups.${group}`)} flush>
            {found.length === 0 ? (
              <p className="px-4 py-3 text-ink-3">{t("looking")}</p>
            ) : (
              <ul className="divide-y divide-line">
                {found.map((finding, index) => (
                  <FindingRow key={`${finding.subject} ${finding.code} ${index}`} finding={finding} />
                ))}
              </ul>
            )}
          </Panel>
        );
      })}
    </>
  );
}

function isRunning(examination: Examination | null | undefined): boolean {
  return examination != null && examination.finishedAt === null;
}
