"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { messageFilterFlags, MessageFilterFields, type MessageFilter } from "./message-filter.tsx";

const dayMs = 86_400_000;
const times = { week: 7, month: 30, quarter: 90, year: 365, never: null };
type Time = keyof typeof times;
const timeNames = Object.keys(times) as Time[];

interface Props {
  open: boolean;
  onClose: () => void;
  /** Of these places in the queue of an account, of all of it, or what a filter says. */
  scope: { jid: string; ids: readonly number[] | null } | { host: string | null };
}

/** Keeps messages that wait for longer than they would have been. */
export function ExtendDialog({ open, onClose, scope }: Props) {
  const t = useTranslations("offline");
  const id = useId();
  const [time, setTime] = useState<Time>("month");
  const [openedAt] = useState(() => Date.now());
  const [filter, setFilter] = useState<MessageFilter>(() =>
    "host" in scope && scope.host !== null ? { host: scope.host } : {},
  );
  const extend = useMutation(api.offline.extend.mutationOptions({ meta: { inline: true } }));
  const days = times[time];
  const until = days === null ? null : new Date(openedAt + days * dayMs).toISOString();
  const which = "host" in scope ? filter : { jid: scope.jid, ...(scope.ids === null ? {} : { ids: [...scope.ids] }) };
  const words = "host" in scope ? messageFilterFlags(filter) : [scope.jid, ...(scope.ids ?? []).map(String)];
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("extendTitle")}
      text={t("extendText")}
      confirm={t("extendConfirm")}
      onConfirm={async () => {
        const { extended } = await extend.mutateAsync({ ...which, until });
        toast.success(t("extended", { count: extended }));
      }}
    >
      {"host" in scope ? (
        <>
          <MessageFilterFields filter={filter} openedAt={openedAt} onChange={setFilter} />
          {Object.keys(filter).length === 0 ? <Banner>{t("extendEverything")}</Banner> : null}
        </>
      ) : (
        <p className="font-medium wrap-anywhere">{t("extendOf", { jid: scope.jid, count: scope.ids?.length ?? 0 })}</p>
      )}
      <Field label={t("extendUntil")} htmlFor={id}>
        <Select
          id={id}
          value={time}
          onChange={(event) => setTime(timeNames.find((name) => name === event.target.value) ?? "month")}
        >
          {timeNames.map((name) => (
            <option key={name} value={name}>
              {t(`extendTimes.${name}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Equivalent
        command={commandLine(
          ...["nightpost", "offline", "extend", ...words],
          ...(until === null ? ["--never"] : ["--until", until]),
        )}
        method="POST"
        path="/offline/extend"
        body={{ ...which, until }}
      />
    </ConfirmDialog>
  );
}
