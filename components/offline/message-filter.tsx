"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { OfflineFilter } from "@/lib/contracts/offline.ts";

const dayMs = 86_400_000;
const ages = { any: 0, day: 1, week: 7, month: 30, quarter: 90 };
type Age = keyof typeof ages;
const ageNames = Object.keys(ages) as Age[];

export type MessageFilter = Pick<OfflineFilter, "host" | "from" | "before">;

/** What came before `age`, seen from `now`: the same point in time for a count and for the deed. */
export const olderThan = (age: Exclude<Age, "any">, now: number): Pick<MessageFilter, "before"> => ({
  before: new Date(now - ages[age] * dayMs).toISOString(),
});

/** The filter as words of a command line. */
export const messageFilterFlags = ({ host, from, before }: MessageFilter): string[] => [
  ...(host === undefined ? [] : ["--host", host]),
  ...(from === undefined ? [] : ["--from", from]),
  ...(before === undefined ? [] : ["--before", before]),
  ...(host === undefined && from === undefined && before === undefined ? ["--all"] : []),
];

interface Props {
  filter: MessageFilter;
  openedAt: number;
  onChange: (filter: MessageFilter) => void;
}

/** Which of the messages that wait are meant: for a host, from somebody, of some age. */
export function MessageFilterFields({ filter: { host, from, before }, openedAt, onChange }: Props) {
  const t = useTranslations("offline");
  const common = useTranslations("common");
  const id = useId();
  const hosts = useHosts();
  const days = before === undefined ? 0 : Math.round((openedAt - Date.parse(before)) / dayMs);
  const set = (next: { host?: string; from?: string; before?: string | undefined }) => {
    const filter = { host: host ?? "", from: from ?? "", before, ...next };
    onChange({
      ...(filter.host === "" ? {} : { host: filter.host }),
      ...(filter.from === "" ? {} : { from: filter.from }),
      ...(filter.before === undefined ? {} : { before: filter.before }),
    });
  };
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t("purgeHost")} htmlFor={`${id}-host`}>
          <Select id={`${id}-host`} value={host ?? ""} onChange={(event) => set({ host: event.target.value })}>
            <option value="">{t("anyHost")}</option>
            {hosts.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
        <Field label={t("purgeBefore")} htmlFor={`${id}-age`}>
          <Select
            id={`${id}-age`}
            value={ageNames.find((name) => ages[name] === days) ?? "any"}
            onChange={(event) => {
              const age = ageNames.find((name) => name === event.target.value) ?? "any";
              set({ before: age === "any" ? undefined : olderThan(age, openedAt).before });
            }}
          >
            {ageNames.map((name) => (
              <option key={name} value={name}>
                {t(`purgeAges.${name}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label={t("purgeFrom")} htmlFor={`${id}-from`} help={t("purgeFromHelp")} note={common("optional")}>
        <Input
          id={`${id}-from`}
          value={from ?? ""}
          onChange={(event) => set({ from: event.target.value.trim() })}
          aria-describedby={`${id}-from-help`}
          autoCapitalize="none"
          spellCheck={false}
        />
      </Field>
    </>
  );
}
