"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { RoomRemoval } from "@/lib/contracts/rooms.ts";

const progressMs = 500;

/** The job that a dialog has begun, until it is closed: it goes on without it. */
export function RemovalProgress({ started, onClose }: { started: RoomRemoval; onClose: () => void }) {
  const t = useTranslations();
  const format = useFormatter();
  const jobs = useQuery(
    api.rooms.removals.queryOptions({
      refetchInterval: (query) => (jobIn(query.state.data?.items, started).state === "running" ? progressMs : false),
    }),
  );
  const stop = useMutation(api.rooms.stopRemoval.mutationOptions());
  const { id, state, removed, matching } = jobIn(jobs.data?.items, started);
  const isRunning = state === "running";
  return (
    <>
      <DialogBody>
        <p role="status">
          {t("rooms.progress", { removed: format.number(removed), matching: format.number(matching) })} ·{" "}
          {t(`rooms.states.${state}`)}
        </p>
        <progress
          aria-label={t("rooms.destroyManyTitle")}
          value={removed}
          max={Math.max(1, matching)}
          className="h-1.5 w-full accent-accent"
        />
        {isRunning ? <p className="text-meta text-ink-3">{t("rooms.stopHint")}</p> : null}
      </DialogBody>
      <DialogFooter>
        {isRunning ? (
          <Button onClick={() => stop.mutate({ id })} disabled={stop.isPending}>
            {t("rooms.stop")}
          </Button>
        ) : null}
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </>
  );
}

const jobIn = (items: readonly RoomRemoval[] | undefined, started: RoomRemoval): RoomRemoval =>
  items?.find(({ id }) => id === started.id) ?? started;
