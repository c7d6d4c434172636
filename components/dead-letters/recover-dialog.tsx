"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { ReplayProgress } from "@/components/kit/replay-progress.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { agoOf, SinceField } from "./since-field.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
  targets: readonly string[];
  /** Chosen at first; null: the first one. */
  target: string | null;
}

const kinds = ["failed", "missing"] as const;

/** After an outage or a change: what failed since then, or what a target never had, is sent as a job. */
export function RecoverDialog({ open, onClose, targets, target }: Props) {
  const t = useTranslations("deadLetters");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("recoverTitle")}
      description={t("recoverText")}
      size="md"
    >
      {open ? <Content targets={targets} target={target} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ targets, target: initial, onClose }: Omit<Props, "open">) {
  const t = useTranslations();
  const id = useId();
  const [kind, setKind] = useState<(typeof kinds)[number]>("failed");
  const [target, setTarget] = useState(initial ?? targets[0] ?? "");
  const [since, setSince] = useState(() => agoOf("day"));
  const input = { target, since };
  const dead = { ...input, withExpired: true };
  const inline = { meta: { inline: true } };
  const failed = useMutation(api.forward.replay.mutationOptions(inline));
  const missing = useMutation(api.forward.recoverMissing.mutationOptions(inline));
  const isFailed = kind === "failed";
  const asked = { staleTime: 0, retry: false };
  const countFailed = useQuery(
    api.forward.countReplay.queryOptions({ ...asked, input: dead, enabled: isFailed && target !== "" && !failed.data }),
  );
  const countMissing = useQuery(
    api.forward.countMissing.queryOptions({ ...asked, input, enabled: !isFailed && target !== "" && !missing.data }),
  );
  const started = failed.data ?? missing.data;
  if (started) return <ReplayProgress started={started} onClose={onClose} />;
  const count = isFailed ? countFailed : countMissing;
  const isStarting = failed.isPending || missing.isPending;
  const start = () => (isFailed ? failed.mutate(dead) : missing.mutate(input));
  const error = (isFailed ? failed.error : missing.error) ?? count.error;
  const matching = count.data?.matching ?? 0;
  return (
    <>
      <DialogBody>
        {error ? <ProblemBanner error={error} /> : null}
        <Segmented
          label={t("deadLetters.which")}
          value={kind}
          onChange={setKind}
          options={kinds.map((value) => ({ value, label: t(`deadLetters.kinds.${value}`) }))}
          className="self-start"
        />
        <p className="text-ink-2">{t(`deadLetters.kindTexts.${kind}`)}</p>
        <div className="flex flex-wrap items-start gap-3">
          <Field label={t("forward.target")} htmlFor={id}>
            <Select id={id} value={target} onChange={(event) => setTarget(event.target.value)} className="w-48">
              {targets.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
          <SinceField onChange={setSince} />
        </div>
        <p aria-live="polite" className="min-h-5 font-medium">
          {count.data ? t(`deadLetters.counts.${kind}`, { count: matching }) : null}
        </p>
        <Equivalent
          command={commandLine(
            ...["nightpost", "forward", isFailed ? "replay" : "missing", "--target", target || "NAME"],
            ...["--since", since],
            ...(isFailed ? ["--expired"] : []),
          )}
          method="POST"
          path={isFailed ? "/forward/replays" : "/forward/missing"}
          body={isFailed ? dead : input}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="primary" disabled={matching === 0 || isStarting} onClick={start}>
          {t("deadLetters.start", { count: matching })}
        </Button>
      </DialogFooter>
    </>
  );
}
