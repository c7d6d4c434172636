"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import type { Job } from "@/lib/contracts/jobs.ts";
import { visible } from "@/lib/format/visible.ts";
import { useProblemText } from "./problem-text.ts";
import { ProgressBar } from "./progress-bar.tsx";

/** How often a job that runs is asked after. */
export const jobPollMs = 500;

interface Props {
  label: string;
  /** How far it is, in words. */
  text: string;
  job: Pick<Job, "state" | "done" | "matching"> & Partial<Pick<Job, "failed" | "failures">>;
  /** What becomes of it meanwhile, where there is more to say than that it goes on. */
  hint?: string;
  onStop: () => void;
  isStopping: boolean;
  onClose: () => void;
}

/** The job that a dialog has begun, until it is closed: it goes on without it. */
export function JobProgress({ label, text, job, hint, onStop, isStopping, onClose }: Props) {
  const t = useTranslations();
  const { state, done, matching, failed = 0, failures = [] } = job;
  const isRunning = state === "running";
  return (
    <>
      <DialogBody>
        <p role="status">
          {text} · {t(`jobs.states.${state}`)}
          {failed > 0 ? ` · ${t("jobs.failed", { count: failed })}` : null}
        </p>
        <ProgressBar label={label} value={done + failed} max={matching} className="w-full" />
        {isRunning ? <p className="text-meta text-ink-3">{hint ?? t("jobs.goesOn")}</p> : null}
        <JobFailures failed={failed} failures={failures} />
      </DialogBody>
      <DialogFooter>
        {isRunning ? (
          <Button onClick={onStop} disabled={isStopping}>
            {t("jobs.stop")}
          </Button>
        ) : null}
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </>
  );
}

/** What a job left as it is, and why. */
export function JobFailures({ failed, failures }: Pick<Job, "failed" | "failures">) {
  const t = useTranslations("jobs");
  const problemText = useProblemText();
  if (failures.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 font-medium">{t("failures")}</h3>
      <ul className="max-h-48 divide-y divide-line overflow-y-auto border-y border-line">
        {failures.map(({ item, code, reason }) => (
          <li key={item} className="flex flex-wrap justify-between gap-x-4 py-1.5">
            <bdi className="wrap-anywhere">{visible(item)}</bdi>
            <span className="text-meta text-ink-2">{problemText({ code, detail: reason, status: 0 })}</span>
          </li>
        ))}
        {failed > failures.length ? (
          <li className="py-1.5 text-ink-3">{t("moreFailures", { count: failed - failures.length })}</li>
        ) : null}
      </ul>
    </section>
  );
}
