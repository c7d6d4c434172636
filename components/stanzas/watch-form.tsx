"use client";

import { Radio } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type FormEvent, useId } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { StanzaFilter } from "@/lib/contracts/stanzas.ts";
import { stanzaKinds } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";

const directions = ["in", "out"] as const;

const parsers = {
  host: parseAsString,
  jid: parseAsString,
  kind: parseAsStringLiteral(stanzaKinds),
  direction: parseAsStringLiteral(directions),
  ns: parseAsString,
};

interface Props {
  onStart: (filter: StanzaFilter) => void;
  isStarting: boolean;
  error: unknown;
}

/** What is to be watched, chosen before anything is read. */
export function WatchForm({ onStart, isStarting, error }: Props) {
  const t = useTranslations("stanzas");
  const id = useId();
  const hosts = useHosts();
  const [values, set] = useQueryStates(parsers, { history: "replace" });
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== "");
  const filter = Object.fromEntries(given) as StanzaFilter;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onStart(filter);
  };
  return (
    <form onSubmit={submit} className="flex max-w-[880px] flex-col gap-4">
      {error ? <ProblemBanner error={error} /> : null}
      <p className="text-ink-2">{t("startHint")}</p>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Field label={t("jid")} htmlFor={`${id}-jid`} help={t("jidHelp")}>
          <Input
            id={`${id}-jid`}
            value={values.jid ?? ""}
            onChange={(event) => void set({ jid: event.target.value || null })}
            aria-describedby={`${id}-jid-help`}
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
        <Field label={t("host")} htmlFor={`${id}-host`}>
          <Select
            id={`${id}-host`}
            value={values.host ?? ""}
            onChange={(event) => void set({ host: event.target.value || null })}
          >
            <option value="">{t("anyHost")}</option>
            {hosts.map((host) => (
              <option key={host}>{host}</option>
            ))}
          </Select>
        </Field>
        <Field label={t("kind")} htmlFor={`${id}-kind`}>
          <Select
            id={`${id}-kind`}
            value={values.kind ?? ""}
            onChange={(event) => void set({ kind: stanzaKinds.find((one) => one === event.target.value) ?? null })}
          >
            <option value="">{t("anyKind")}</option>
            {stanzaKinds.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </Select>
        </Field>
        <Field label={t("direction")} htmlFor={`${id}-direction`}>
          <Select
            id={`${id}-direction`}
            value={values.direction ?? ""}
            onChange={(event) => void set({ direction: directions.find((one) => one === event.target.value) ?? null })}
          >
            <option value="">{t("anyDirection")}</option>
            {directions.map((direction) => (
              <option key={direction} value={direction}>
                {t(`directions.${direction}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("ns")} htmlFor={`${id}-ns`} help={t("nsHelp")} className="lg:col-span-2">
          <Input
            id={`${id}-ns`}
            value={values.ns ?? ""}
            onChange={(event) => void set({ ns: event.target.value || null })}
            aria-describedby={`${id}-ns-help`}
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
      </div>
      <Button type="submit" variant="primary" disabled={isStarting} className="self-start">
        <Radio aria-hidden className="size-3.5" />
        {t("start")}
      </Button>
      <Equivalent
        command={commandLine("nightpost", "stanzas", ...given.flatMap(([name, value]) => [`--${name}`, String(value)]))}
        method="POST"
        path="/stanzas/watches"
        body={filter}
      />
    </form>
  );
}
