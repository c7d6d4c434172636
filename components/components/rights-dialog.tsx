"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { Privileges } from "@/lib/contracts/component-rights.ts";
import type { ExternalComponent } from "@/lib/contracts/components.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { delegationsFrom, delegationsText, iqFrom, iqText, type Lines } from "./rights-text.ts";

interface Props {
  component: ExternalComponent | null;
  onClose: () => void;
}

/** What a component may do in the name of accounts, and what it answers in the server's place. */
export function RightsDialog({ component, onClose }: Props) {
  const t = useTranslations("components");
  return (
    <Dialog
      open={component !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("rightsTitle", { domain: component?.domain ?? "" })}
      description={t("rightsText")}
      size="md"
      place="side"
    >
      {component === null ? null : <Content component={component} onClose={onClose} />}
    </Dialog>
  );
}

function Content({
  component: { domain, privileges, delegations },
  onClose,
}: {
  component: ExternalComponent;
  onClose: () => void;
}) {
  const t = useTranslations("components");
  const id = useId();
  const [rights, setRights] = useState(privileges);
  const [iq, setIq] = useState(iqText(privileges.iq));
  const [answers, setAnswers] = useState(delegationsText(delegations));
  const set = useMutation(api.components.setRights.mutationOptions({ meta: { inline: true } }));
  const iqLines = iqFrom(iq);
  const answerLines = delegationsFrom(answers);
  const wrongLine = (lines: Lines<unknown>) => (lines.ok ? undefined : t("badLine", { line: lines.line }));
  const whole = Privileges.safeParse({ ...rights, iq: iqLines.ok ? iqLines.value : {} });
  const input = {
    domain,
    privileges: whole.success ? whole.data : rights,
    delegations: answerLines.ok ? answerLines.value : [],
  };
  const submit = () =>
    set.mutate(input, {
      onSuccess: () => {
        onClose();
        toast.success(t("rightsSet", { domain }));
      },
    });
  const mayRead = rights.roster === "get" || rights.roster === "both";
  return (
    <DialogForm
      error={set.error}
      isReady={iqLines.ok && answerLines.ok && whole.success}
      isPending={set.isPending}
      onSubmit={submit}
      onClose={onClose}
      confirm={t("rightsConfirm")}
    >
      <Field label={t("right.roster")} htmlFor={`${id}-roster`}>
        <Select
          id={`${id}-roster`}
          value={rights.roster}
          onChange={({ target }) => {
            const roster = target.value as Privileges["roster"];
            const isReading = roster === "get" || roster === "both";
            // Contacts' presence needs their list.
            const presence = rights.presence === "roster" && !isReading ? "managed_entity" : rights.presence;
            setRights({ ...rights, roster, presence });
          }}
        >
          {(["none", "get", "set", "both"] as const).map((right) => (
            <option key={right} value={right}>
              {t(`rosterRight.${right}`)}
            </option>
          ))}
        </Select>
      </Field>
      {mayRead ? (
        <ToggleField label={t("push")} htmlFor={`${id}-push`}>
          <Checkbox
            id={`${id}-push`}
            checked={rights.push}
            onChange={({ target }) => setRights({ ...rights, push: target.checked })}
          />
        </ToggleField>
      ) : null}
      <Field label={t("right.message")} htmlFor={`${id}-message`}>
        <Select
          id={`${id}-message`}
          value={rights.message}
          onChange={({ target }) => setRights({ ...rights, message: target.value as Privileges["message"] })}
        >
          {(["none", "outgoing"] as const).map((right) => (
            <option key={right} value={right}>
              {t(`messageRight.${right}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("right.presence")} htmlFor={`${id}-presence`}>
        <Select
          id={`${id}-presence`}
          value={rights.presence}
          onChange={({ target }) => setRights({ ...rights, presence: target.value as Privileges["presence"] })}
        >
          {(["none", "managed_entity", "roster"] as const).map((right) => (
            <option key={right} value={right} disabled={right === "roster" && !mayRead}>
              {t(`presenceRight.${right}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("right.iq")} htmlFor={`${id}-iq`} help={t("iqHint")} error={wrongLine(iqLines)}>
        <Textarea
          id={`${id}-iq`}
          className="font-mono"
          rows={3}
          value={iq}
          spellCheck={false}
          aria-describedby={`${id}-iq-help`}
          onChange={(event) => setIq(event.target.value)}
        />
      </Field>
      <Field
        label={t("right.delegations")}
        htmlFor={`${id}-answers`}
        help={t("delegationsHint")}
        error={wrongLine(answerLines)}
      >
        <Textarea
          id={`${id}-answers`}
          className="font-mono"
          rows={3}
          value={answers}
          spellCheck={false}
          aria-describedby={`${id}-answers-help`}
          onChange={(event) => setAnswers(event.target.value)}
        />
      </Field>
      <Equivalent
        command={grantCommand(input)}
        method="PUT"
        path={`/components/${encodeURIComponent(domain)}/rights`}
        body={input}
      />
    </DialogForm>
  );
}

type Rights = Pick<ExternalComponent, "domain" | "privileges" | "delegations">;

function grantCommand({ domain, privileges: { roster, push, message, presence, iq }, delegations }: Rights): string {
  return commandLine(
    ...["nightpost", "component", "grant", domain],
    ...(roster === "none" ? [] : ["--roster", roster]),
    ...(push || roster === "none" || roster === "set" ? [] : ["--no-push"]),
    ...(message === "none" ? [] : ["--message", message]),
    ...(presence === "none" ? [] : ["--presence", presence]),
    ...Object.entries(iq).flatMap(([namespace, right]) => ["--iq", `${namespace}=${right}`]),
    ...delegations.flatMap(({ namespace, attributes }) => ["--delegate", [namespace, ...attributes].join(",")]),
  );
}
