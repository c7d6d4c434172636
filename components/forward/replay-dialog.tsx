"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { RotateCw } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { QueryView } from "@/components/kit/query-view.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { ForwardFilter, Replay, ReplayFilter } from "@/lib/contracts/forward.ts";
import { commandLine } from "@/lib/format/shell.ts";

const progressMs = 500;

/** For a log that shows dead events: all that the filter matches, those on later pages, too. */
export function ReplayButton({ filter: { state: _state, ...filter } }: { filter: ForwardFilter }) {
  const t = useTranslations("forward");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <RotateCw aria-hidden className="size-3.5" />
        {t("replay")}
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen} title={t("replayTitle")} description={t("replayText")} size="md">
        {isOpen ? <Content filter={filter} onClose={() => setOpen(false)} /> : null}
      </Dialog>
    </>
  );
}

function Content({ filter, onClose }: { filter: ReplayFilter; onClose: () => void }) {
  const start = useMutation(api.forward.replay.mutationOptions({ meta: { inline: true } }));
  if (start.data) return <Progress started={start.data} onClose={onClose} />;
  return (
    <Ask
      filter={filter}
      error={start.error}
      isStarting={start.isPending}
      onStart={() => start.mutate(filter)}
      onClose={onClose}
    />
  );
}

interface AskProps {
  filter: ReplayFilter;
  error: Error | null;
  isStarting: boolean;
  onStart: () => void;
  onClose: () => void;
}

function Ask({ filter, error, isStarting, onStart, onClose }: AskProps) {
  const t = useTranslations();
  const problemText = useProblemText();
  const count = useQuery(api.forward.countReplay.queryOptions({ input: filter, staleTime: 0 }));
  const matching = count.data?.matching ?? 0;
  const words = Object.entries(filter).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return (
    <>
      <DialogBody>
        {error ? (
          <Banner tone="err" alert>
            {problemText(error)}
          </Banner>
        ) : null}
        <QueryView query={count} skeleton={<Skeleton className="w-1/2" />}>
          {(data) => <p>{t("forward.replayCount", { count: data.matching })}</p>}
        </QueryView>
        <Equivalent
          command={commandLine("nightpost", "forward", "replay", ...(words.length > 0 ? words : ["--all"]))}
          method="POST"
          path="/forward/replays"
          body={filter}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="primary" disabled={matching === 0 || isStarting} onClick={onStart}>
          {t("forward.replayStart", { count: matching })}
        </Button>
      </DialogFooter>
    </>
  );
}

function Progress({ started, onClose }: { started: Replay; onClose: () => void }) {
  const t = useTranslations();
  const format = useFormatter();
  const replays = useQuery(
    api.forward.replays.queryOptions({
      refetchInterval: (query) => (jobIn(query.state.data?.items, started).state === "running" ? progressMs : false),
    }),
  );
  const stop = useMutation(api.forward.stopReplay.mutationOptions());
  const { id, state, replayed, matching } = jobIn(replays.data?.items, started);
  const isRunning = state === "running";
  const progress = { replayed: format.number(replayed), matching: format.number(matching) };
  return (
    <>
      <DialogBody>
        <p role="status">
          {t("forward.replayProgress", progress)} · {t(`forward.replayStates.${state}`)}
        </p>
        <progress
          aria-label={t("forward.replayTitle")}
          value={replayed}
          max={Math.max(1, matching)}
          className="h-1.5 w-full accent-accent"
        />
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
