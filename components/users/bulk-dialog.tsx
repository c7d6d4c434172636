"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { ReasonField } from "@/components/kit/reason-field.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TypedField } from "@/components/kit/typed-field.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { problemOf } from "@/lib/api/problem.ts";
import type { UserAction } from "@/lib/contracts/users.ts";
import { visible } from "@/lib/format/visible.ts";
import { bulkCommand, type Matching } from "./bulk-command.ts";
import { BulkCount } from "./bulk-count.tsx";
import { UntilField, untilAtOf } from "./until-field.tsx";
import { useTags } from "./use-tags.ts";
import { UserJobProgress } from "./user-job-progress.tsx";

export type { Matching };

interface Props {
  /** null: closed. */
  action: UserAction | null;
  matching: Matching;
  onClose: (isStarted: boolean) => void;
}

/** One deed on all accounts that a filter finds: what it would do, and then how far it is. */
export function BulkDialog({ action, matching, onClose }: Props) {
  const t = useTranslations("bulk.actions");
  const [isStarted, setStarted] = useState(false);
  const close = () => {
    onClose(isStarted);
    setStarted(false);
  };
  return (
    <Dialog
      open={action !== null}
      onOpenChange={(open) => !open && close()}
      title={action ? t(`${action}.title`) : ""}
      description={action ? t(`${action}.text`) : ""}
      size="md"
    >
      {action ? (
        <Content action={action} matching={matching} onClose={close} onStarted={() => setStarted(true)} />
      ) : null}
    </Dialog>
  );
}

interface ContentProps {
  action: UserAction;
  matching: Matching;
  onClose: () => void;
  onStarted: () => void;
}

function Content({ action, matching, onClose, onStarted }: ContentProps) {
  const t = useTranslations();
  const id = useId();
  const format = useFormatter();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const [typed, setTyped] = useState("");
  const [word, setWord] = useState("");
  const tags = useTags(matching.host ?? null);
  const input = { ...matching, action };
  const counted = useQuery(api.users.countMatching.queryOptions({ input, gcTime: 0, staleTime: Infinity }));
  const start = useMutation(api.users.startJob.mutationOptions({ meta: { inline: true }, onSuccess: onStarted }));
  if (start.data) return <UserJobProgress started={start.data} onClose={onClose} />;

  const count = counted.data?.matching ?? 0;
  const untilAt = untilAtOf(until);
  const isTold = action === "suspend" || action === "end-sessions";
  const wordError = start.error
    ? problemOf(start.error).errors?.find(({ path }) => path === "word")?.message
    : undefined;
  const hasWord = action === "tag" || action === "untag";
  const isReady = count > 0 && (!hasWord || word.trim() !== "");
  const wanted = action === "delete" ? format.number(count) : "";
  const order = {
    ...input,
    ...(isTold ? { reason } : {}),
    ...(action === "suspend" ? { until: untilAt } : {}),
    ...(hasWord ? { word } : {}),
  };
  return (
    <DialogForm
      error={wordError === undefined ? start.error : null}
      isReady={isReady && typed === wanted}
      isPending={start.isPending}
      onSubmit={() => start.mutateAsync(order)}
      onClose={onClose}
      confirm={t(`bulk.actions.${action}.start`, { count })}
      danger={action === "delete" || action === "expire-password"}
    >
      <QueryView query={counted} skeleton={<TableSkeleton rows={5} columns={2} />}>
        {(data) => <BulkCount action={action} found={data} />}
      </QueryView>
      {hasWord ? (
        <Field label={t("bulk.word")} htmlFor={`${id}-word`} help={t("bulk.wordHelp")} error={wordError}>
          <Input
            id={`${id}-word`}
            list={`${id}-words`}
            value={word}
            maxLength={32}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-word-help`}
            onChange={(event) => setWord(event.target.value)}
            className="w-60"
          />
          <datalist id={`${id}-words`}>
            {tags.map((tag) => (
              <option key={tag} value={tag}>
                {visible(tag)}
              </option>
            ))}
          </datalist>
        </Field>
      ) : null}
      {isTold ? <ReasonField value={reason} onChange={setReason} /> : null}
      {action === "suspend" ? <UntilField value={until} onChange={setUntil} /> : null}
      {wanted !== "" && count > 0 ? <TypedField name={wanted} value={typed} onChange={setTyped} /> : null}
      <Equivalent
        command={bulkCommand(action, matching, {
          reason: isTold ? reason : "",
          until: untilAt,
          word: hasWord ? word : "",
        })}
        method="POST"
        path="/users/jobs"
        body={order}
      />
    </DialogForm>
  );
}
