"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { CodeArea } from "@/components/kit/code-area.tsx";
import { Field } from "@/components/kit/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { type SampleName, sampleNames } from "./samples.ts";

/** What is asked about: a sample, the text that somebody made of one, or the message of an event. */
export interface Question {
  source: SampleName | "own" | "event";
  text: string;
  event: string;
}

interface Props {
  question: Question;
  /** The question's stanza, of a sample as well. */
  text: string;
  host: string;
  hosts: readonly string[];
  onChange: (question: Question) => void;
  onHost: (host: string) => void;
}

export function QuestionFields({ question, text, host, hosts, onChange, onHost }: Props) {
  const t = useTranslations("simulator");
  const id = useId();
  const { source } = question;
  const choose = (value: string) =>
    onChange({
      ...question,
      source: value === "event" ? "event" : (sampleNames.find((name) => name === value) ?? "own"),
    });
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <Field label={t("sample")} htmlFor={`${id}-sample`} className="flex-1 basis-40">
          <Select
            id={`${id}-sample`}
            value={source}
            onChange={(event) => choose(event.target.value)}
            className="w-full"
          >
            {sampleNames.map((name) => (
              <option key={name} value={name}>
                {t(`samples.${name}`)}
              </option>
            ))}
            {source === "own" ? <option value="own">{t("own")}</option> : null}
            <option value="event">{t("fromLog")}</option>
          </Select>
        </Field>
        <Field label={t("host")} htmlFor={`${id}-host`} className="flex-1 basis-40">
          <Select id={`${id}-host`} value={host} onChange={(event) => onHost(event.target.value)} className="w-full">
            {hosts.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
      </div>
      {source === "event" ? (
        <Field label={t("eventId")} htmlFor={`${id}-event`} help={t("eventIdHint")}>
          <Input
            id={`${id}-event`}
            value={question.event}
            placeholder="evt_…"
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby={`${id}-event-help`}
            onChange={(event) => onChange({ ...question, event: event.target.value })}
            className="font-mono text-meta"
          />
        </Field>
      ) : (
        <div className="flex flex-col gap-1">
          <label htmlFor={`${id}-stanza`} className="font-medium">
            {t("stanza")}
          </label>
          <CodeArea
            id={`${id}-stanza`}
            value={text}
            onChange={(own) => onChange({ ...question, source: "own", text: own })}
            problems={[]}
            rows={8}
            isWrapped
          />
        </div>
      )}
    </>
  );
}
