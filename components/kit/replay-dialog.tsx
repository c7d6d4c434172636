"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { ReplayFilter } from "@/lib/contracts/forward.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { Equivalent } from "./equivalent.tsx";
import { ProblemBanner } from "./problem-banner.tsx";
import { QueryView } from "./query-view.tsx";
import { ReplayProgress } from "./replay-progress.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
  filter: ReplayFilter;
  onStarted?: () => void;
}

/** All dead events that the filter matches, those on later pages, too: counted first, then attempted again as a job. */
export function ReplayDialog({ open, onClose, ...props }: Props) {
  const t = useTranslations("forward");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("replayTitle")}
      description={t("replayText")}
      size="md"
    >
      {open ? <Content {...props} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ filter, onStarted, onClose }: Omit<Props, "open">) {
  const t = useTranslations();
  const start = useMutation(api.forward.replay.mutationOptions({ meta: { inline: true } }));
  const count = useQuery(api.forward.countReplay.queryOptions({ input: filter, staleTime: 0, enabled: !start.data }));
  if (start.data) return <ReplayProgress started={start.data} onClose={onClose} />;
  const matching = count.data?.matching ?? 0;
  const words = wordsOf(filter);
  return (
    <>
      <DialogBody>
        {start.error ? <ProblemBanner error={start.error} /> : null}
        <QueryView query={count} skeleton={<Skeleton className="w-1/2" />}>
          {(data) => <p>{t("forward.replayCount", { count: data.matching })}</p>}
        </QueryView>
        {filter.withExpired && filter.ids === undefined ? (
          <p className="text-ink-2">{t("forward.replayBoth")}</p>
        ) : null}
        <Equivalent
          {...(words === null ? {} : { command: commandLine("nightpost", "forward", "replay", ...words) })}
          method="POST"
          path="/forward/replays"
          body={filter}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={matching === 0 || start.isPending}
          onClick={() => start.mutate(filter, { onSuccess: () => onStarted?.() })}
        >
          {t("forward.replayStart", { count: matching })}
        </Button>
      </DialogFooter>
    </>
  );
}

const options: ReadonlySet<string> = new Set(["target", "user", "host", "search", "since", "until"]);

/** The filter as the command takes it; null when it has no word for all of it. */
function wordsOf({ withExpired, ...filter }: ReplayFilter): string[] | null {
  const entries = Object.entries(filter);
  if (entries.some(([name]) => !options.has(name))) return null;
  return [
    ...(entries.length === 0 ? ["--all"] : entries.flatMap(([name, value]) => [`--${name}`, String(value)])),
    ...(withExpired ? ["--expired"] : []),
  ];
}
