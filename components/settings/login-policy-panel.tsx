"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useKept } from "@/components/kit/use-kept.ts";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { LoginPolicy } from "@/lib/contracts/console-policy.ts";
import type { RoleInfo } from "@/lib/contracts/roles.ts";
import { visible } from "@/lib/format/visible.ts";
import { PolicyForm } from "./policy-form.tsx";

export function LoginPolicyPanel() {
  const roles = useQuery(api.roles.list.queryOptions());
  return (
    <QueryView query={roles} skeleton={<Skeleton className="h-80 w-full" />}>
      {({ items, login }) => <LoginForm key={JSON.stringify(login)} roles={items} login={login} />}
    </QueryView>
  );
}

const retentions = [null, 90, 365, 1095] as const;

interface Written {
  readonly own: LoginPolicy;
  /** One a line. */
  readonly addresses: string;
}

/** How long sessions last, from where one logs in, which roles take a second factor, how long the audit trail is kept. */
function LoginForm({ roles, login }: { roles: readonly RoleInfo[]; login: LoginPolicy }) {
  const t = useTranslations();
  const id = useId();
  const mayChange = useMay()("roles.setLogin");
  const [kept, keep] = useKept<Written>("log-in policy");
  const written = kept ?? { own: login, addresses: login.addresses.join("\n") };
  const { own, addresses } = written;
  const setOwn = (next: LoginPolicy) => keep({ ...written, own: next });
  const setAddresses = (next: string) => keep({ ...written, addresses: next });
  const save = useMutation(
    api.roles.setLogin.mutationOptions({
      meta: { inline: true },
      // Not of the call: by its answer the form may have begun anew with what holds now.
      onSuccess: ({ revision }) => {
        keep(null);
        toast.success(t("access.applied", { id: revision.id }));
      },
    }),
  );
  const next = { ...own, addresses: addresses.split(/[\s,]+/).filter((text) => text !== "") };
  const isDirty = JSON.stringify(next) !== JSON.stringify(login);
  const days = retentions.some((one) => one === own.auditDays) ? retentions : [...retentions, own.auditDays];

  return (
    <PolicyForm
      title={t("loginPolicy.title")}
      note={t("loginPolicy.lead")}
      mayChange={mayChange}
      isDirty={isDirty}
      save={save}
      onSave={() => save.mutate({ login: next })}
      onDiscard={() => keep(null)}
    >
      <Field label={t("loginPolicy.hours")} htmlFor={`${id}-hours`} help={t("loginPolicy.hoursHint")}>
        <Input
          id={`${id}-hours`}
          type="number"
          min={1}
          max={720}
          value={own.sessionHours}
          aria-describedby={`${id}-hours-help`}
          onChange={(event) => setOwn({ ...own, sessionHours: event.target.valueAsNumber || 1 })}
          className="w-28"
        />
      </Field>
      <fieldset>
        <legend className="font-medium">{t("loginPolicy.secondFactor")}</legend>
        <p className="mb-1.5 text-meta text-ink-3">{t("loginPolicy.secondFactorHint")}</p>
        <ul className="flex flex-wrap gap-x-5 gap-y-1.5">
          {roles.map(({ name }) => (
            <li key={name}>
              <label className="inline-flex min-h-6 items-center gap-1.5">
                <Checkbox
                  checked={own.secondFactor.includes(name)}
                  onChange={(event) =>
                    setOwn({
                      ...own,
                      secondFactor: event.target.checked
                        ? [...own.secondFactor, name]
                        : own.secondFactor.filter((one) => one !== name),
                    })
                  }
                />
                {visible(name)}
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <Field label={t("loginPolicy.addresses")} htmlFor={`${id}-from`} help={t("loginPolicy.addressesHint")}>
        <Textarea
          id={`${id}-from`}
          rows={4}
          value={addresses}
          spellCheck={false}
          placeholder={"192.0.2.0/24\n2001:db8::/48"}
          aria-describedby={`${id}-from-help`}
          onChange={(event) => setAddresses(event.target.value)}
          className="font-mono text-meta"
        />
      </Field>
      <Field label={t("loginPolicy.audit")} htmlFor={`${id}-audit`} help={t("loginPolicy.auditHint")}>
        <Select
          id={`${id}-audit`}
          value={String(own.auditDays)}
          aria-describedby={`${id}-audit-help`}
          onChange={(event) => setOwn({ ...own, auditDays: Number(event.target.value) || null })}
          className="w-44"
        >
          {days.map((count) => (
            <option key={count} value={String(count)}>
              {count === null ? t("loginPolicy.forGood") : t("loginPolicy.days", { count })}
            </option>
          ))}
        </Select>
      </Field>
      <Equivalent method="PUT" path="/login-policy" body={{ login: next }} />
    </PolicyForm>
  );
}
