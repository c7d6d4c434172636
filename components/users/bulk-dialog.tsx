"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserAction } from "@/lib/contracts/users.ts";
import { bulkCommand, type Matching } from "./bulk-command.ts";
import { BulkCount } from "./bulk-count.tsx";
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
  const input = { ...matching, action };
  const counted = useQuery(api.users.countMatching.queryOptions({ input, gcTime: 0, staleTime: Infinity }));
  const start = useMutation(api.users.startJob.mutationOptions({ meta: { inline: true }, onSuccess: onStarted }));
  if (start.data) return <UserJobProgress started={start.data} onClose={onClose} />;

  const count = counted.data?.matching ?? 0;
  const untilAt = until ? new Date(until).toISOString() : null;
  const isTold = action === "suspend" || action === "end-sessions";
  const wanted = action === "delete" ? format.number(count) : "";
  const order = { ...input, ...(isTold ? { reason } : {}), ...(action === "suspend" ? { until: untilAt } : {}) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate(order);
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {start.error ? <ProblemBanner error={start.error} /> : null}
        <QueryView query={counted} skeleton={<TableSkeleton rows={5} columns={2} />}>
          {(data) => <BulkCount action={action} found={data} />}
        </QueryView>
        {isTold ? (
          <Field label={t("common.reason")} htmlFor={`${id}-reason`} note={t("common.optional")}>
            <Input
              id={`${id}-reason`}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
        ) : null}
        {action === "suspend" ? (
          <Field
            label={t("users.until")}
            htmlFor={`${id}-until`}
            help={t("users.untilHint")}
            note={t("common.optional")}
          >
            <Input
              id={`${id}-until`}
              type="datetime-local"
              value={until}
              aria-describedby={`${id}-until-help`}
              onChange={(event) => setUntil(event.target.value)}
              className="w-60"
            />
          </Field>
        ) : null}
        {wanted !== "" && count > 0 ? (
          <Field label={t("common.typeToConfirm", { name: wanted })} htmlFor={`${id}-typed`}>
            <Input
              id={`${id}-typed`}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        ) : null}
        <Equivalent
          command={bulkCommand(action, matching, { reason: isTold ? reason : "", until: untilAt })}
          method="POST"
          path="/users/jobs"
          body={order}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          type="submit"
          variant={action === "delete" || action === "expire-password" ? "danger" : "primary"}
          disabled={count === 0 || typed !== wanted || start.isPending}
        >
          {t(`bulk.actions.${action}.start`, { count })}
        </Button>
      </DialogFooter>
    </form>
  );
}
