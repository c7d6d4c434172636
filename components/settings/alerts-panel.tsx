"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { AttentionMark } from "@/components/kit/attention-mark.tsx";
import { useAttentionText } from "@/components/kit/attention-words.ts";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useKept } from "@/components/kit/use-kept.ts";
import { Button } from "@/components/ui/button.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { AlertPolicy } from "@/lib/contracts/operations-policy.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { PolicyForm } from "./policy-form.tsx";

const refreshMs = 30_000;
const severities = ["error", "warning"] as const;

/** Who is told by message of what wants attention, and what they were told. */
export function AlertsPanel() {
  const t = useTranslations("settings.alerts");
  const text = useAttentionText();
  const alerts = useQuery(api.alerts.get.queryOptions({ refetchInterval: refreshMs }));
  return (
    <QueryView query={alerts} skeleton={<Skeleton className="h-60 w-full" />}>
      {({ alerts: policy, told }) => (
        <div className="flex flex-col gap-5">
          <AlertsForm key={JSON.stringify(policy)} alerts={policy} />
          {told.length === 0 ? null : (
            <Panel title={t("told")} note={t("toldNote")} flush>
              <ul className="divide-y divide-line">
                {told.map((one) => (
                  <li key={`${one.code} ${one.subject}`} className="flex items-center gap-3 px-4 py-2">
                    <AttentionMark severity={one.severity} />
                    <span className="min-w-0 flex-1 wrap-anywhere">{text({ ...one, more: 0 })}</span>
                    <TimeText at={one.at} />
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </div>
      )}
    </QueryView>
  );
}

interface Written {
  readonly recipients: string;
  readonly least: AlertPolicy["least"];
}

function AlertsForm({ alerts }: { alerts: AlertPolicy }) {
  const t = useTranslations();
  const id = useId();
  const mayChange = useMay()("alerts.set");
  const [kept, keep] = useKept<Written>("alerts");
  const written = kept ?? { recipients: alerts.recipients.join("\n"), least: alerts.least };
  const next = { recipients: written.recipients.split(/\s+/).filter((jid) => jid !== ""), least: written.least };
  const isDirty = JSON.stringify(next) !== JSON.stringify({ recipients: alerts.recipients, least: alerts.least });
  const save = useMutation(
    api.alerts.set.mutationOptions({
      meta: { inline: true },
      // Not of the call: by its answer the form may have begun anew with what holds now.
      onSuccess: ({ revision }) => {
        keep(null);
        toast.success(t("access.applied", { id: revision.id }));
      },
    }),
  );
  const test = useMutation(api.alerts.test.mutationOptions());
  return (
    <PolicyForm
      title={t("settings.alerts.title")}
      note={t("settings.alerts.lead")}
      mayChange={mayChange}
      isDirty={isDirty}
      save={save}
      onSave={() => save.mutate({ alerts: next })}
      onDiscard={() => keep(null)}
      actions={
        <Button
          disabled={isDirty || next.recipients.length === 0 || test.isPending}
          onClick={() =>
            test.mutate({}, { onSuccess: ({ sent }) => toast.success(t("settings.alerts.tested", { count: sent })) })
          }
        >
          {t("settings.alerts.test")}
        </Button>
      }
    >
      <Field label={t("settings.alerts.recipients")} htmlFor={id} help={t("settings.alerts.recipientsHint")}>
        <Textarea
          id={id}
          rows={3}
          value={written.recipients}
          spellCheck={false}
          placeholder="ops@example.org"
          aria-describedby={`${id}-help`}
          onChange={(event) => keep({ ...written, recipients: event.target.value })}
          className="font-mono text-meta"
        />
      </Field>
      <div className="flex flex-col gap-1">
        <span className="font-medium">{t("settings.alerts.least")}</span>
        <Segmented
          label={t("settings.alerts.least")}
          value={written.least}
          onChange={(least) => keep({ ...written, least })}
          options={severities.map((value) => ({ value, label: t(`settings.alerts.severities.${value}`) }))}
          className="self-start"
        />
      </div>
      <Equivalent
        command={commandLine("nightpost", "alerts", "set", ...next.recipients, "--least", next.least)}
        method="PUT"
        path="/alerts"
        body={{ alerts: next }}
      />
    </PolicyForm>
  );
}
