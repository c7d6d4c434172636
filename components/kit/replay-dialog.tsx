"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { ReplayFilter, ReplayRequest } from "@/lib/contracts/replays.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { Equivalent } from "./equivalent.tsx";
import { Field } from "./field.tsx";
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
  const t = useTranslations("deadLetters");
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
  const id = useId();
  const [to, setTo] = useState("");
  const request: ReplayRequest = to === "" ? filter : { ...filter, to };
  const targets = useQuery(api.forward.targets.queryOptions());
  const servers = targets.data?.items.filter(({ target }) => target.kind === "webhook") ?? [];
  const start = useMutation(api.forward.replay.mutationOptions({ meta: { inline: true } }));
  const count = useQuery(api.forward.countReplay.queryOptions({ input: request, staleTime: 0, enabled: !start.data }));
  if (start.data) return <ReplayProgress started={start.data} onClose={onClose} />;
  const matching = count.data?.matching ?? 0;
  const words = wordsOf(request);
  return (
    <>
      <DialogBody>
        {start.error ? <ProblemBanner error={start.error} /> : null}
        <QueryView query={count} skeleton={<Skeleton className="w-1/2" />}>
          {(data) => <p>{t("deadLetters.replayCount", { count: data.matching })}</p>}
        </QueryView>
        <Field label={t("deadLetters.replayTo")} htmlFor={id} help={to === "" ? null : t("deadLetters.replayToHint")}>
          <Select id={id} value={to} onChange={(event) => setTo(event.target.value)} className="w-64">
            <option value="">{t("deadLetters.replayToOwn")}</option>
            {servers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
        {filter.withExpired && filter.ids === undefined ? (
          <p className="text-ink-2">{t("deadLetters.replayBoth")}</p>
        ) : null}
        <Equivalent
          {...(words === null ? {} : { command: commandLine("nightpost", "forward", "replay", ...words) })}
          method="POST"
          path="/forward/replays"
          body={request}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={matching === 0 || start.isPending}
          onClick={() => start.mutate(request, { onSuccess: () => onStarted?.() })}
        >
          {t("deadLetters.replayStart", { count: matching })}
        </Button>
      </DialogFooter>
    </>
  );
}

const options: ReadonlySet<string> = new Set(["target", "user", "host", "search", "since", "until"]);

/** The request as the command takes it; null when it has no word for all of it. */
function wordsOf({ withExpired, to, ...filter }: ReplayRequest): string[] | null {
  const entries = Object.entries(filter);
  if (entries.some(([name]) => !options.has(name))) return null;
  return [
    ...(entries.length === 0 ? ["--all"] : entries.flatMap(([name, value]) => [`--${name}`, String(value)])),
    ...(withExpired ? ["--expired"] : []),
    ...(to === undefined ? [] : ["--to", to]),
  ];
}
