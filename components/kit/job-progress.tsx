"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { Replay } from "@/lib/contracts/forward.ts";
import { ProgressBar } from "./progress-bar.tsx";

const progressMs = 500;

/** The job that a dialog has begun, until it is closed: it goes on without it. */
export function JobProgress({ started, onClose }: { started: Replay; onClose: () => void }) {
  const t = useTranslations();
  const format = useFormatter();
  const jobs = useQuery(
    api.forward.replays.queryOptions({
      refetchInterval: (query) => (jobIn(query.state.data?.items, started).state === "running" ? progressMs : false),
    }),
  );
  const stop = useMutation(api.forward.stopReplay.mutationOptions());
  const { id, state, replayed, matching } = jobIn(jobs.data?.items, started);
  const isRunning = state === "running";
  const progress = { replayed: format.number(replayed), matching: format.number(matching) };
  return (
    <>
      <DialogBody>
        <p role="status">
          {t("forward.replayProgress", progress)} · {t(`forward.replayStates.${state}`)}
        </p>
        <ProgressBar label={t("forward.replayTitle")} value={replayed} max={matching} className="w-full" />
        {isRunning ? <p className="text-meta text-ink-3">{t("forward.replayStopHint")}</p> : null}
      </DialogBody>
      <DialogFooter>
        {isRunning ? (
          <Button onClick={() => stop.mutate({ id })} disabled={stop.isPending}>
            {t("forward.replayStop")}
          </Button>
        ) : null}
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </>
  );
}

const jobIn = (items: readonly Replay[] | undefined, started: Replay): Replay =>
  items?.find(({ id }) => id === started.id) ?? started;
